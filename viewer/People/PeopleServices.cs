using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>What accounts, sessions and rights are made of. A box without an <see cref="IAccountBook"/> keeps none, and one without an <see cref="IAuditTrail"/> keeps no journal.</summary>
internal static class PeopleServices
{
    public static void AddPeople(this IServiceCollection services)
    {
        services.TryAddSingleton<IAccountBook, NoAccounts>();
        services.TryAddSingleton<IAuditTrail, NoAuditTrail>();
        services.AddHttpContextAccessor();
        services.AddSingleton<PeopleTrail>();
        services.AddSingleton<SessionBook>();
        services.AddSingleton<PersonReader>();
        services.AddSingleton<SecretCheck>();
        services.AddSingleton<CodeApps>();
        services.AddSingleton<FailureThrottle>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<VisitorScreen>();
        services.AddSingleton<RefusalPace>();
        services.AddSingleton<AmbientWindow>();
        services.AddSingleton<EmergencyBook>();
        services.AddHostedService(provider => provider.GetRequiredService<EmergencyBook>());
        services.AddSingleton<PeopleDesk>();
        services.AddSingleton<CodeAppDesk>();
        services.AddSingleton<AccountDesk>();
        services.AddSingleton<PasskeyTickets>();
        services.AddScoped<IUserStore<Account>, AccountUserStore>();
        services.AddScoped<PasskeyDesk>();
        services.AddIdentityCore<Account>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<ViewerOptions>, IHttpContextAccessor>((passkeys, viewer, http) =>
        {
            passkeys.ServerDomain = DomainOf(viewer.Value.People.PasskeyDomain(), http.HttpContext?.Request.Host.Host ?? string.Empty);
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            passkeys.AttestationConveyancePreference = "none";
        });
    }

    /// <summary>No browser makes a passkey of the zone for a page outside of it, such as the one at localhost, nor of a domain that belongs to everybody (RFC 8375).</summary>
    private static string? DomainOf(string? zone, string host) =>
        zone is not null and not "home.arpa" && (host.Equals(zone, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{zone}", StringComparison.OrdinalIgnoreCase)) ? zone : null;

    /// <summary>Between routing and the endpoints, and nowhere else: an application in which it cannot stand there does not start.</summary>
    public static void UseRights(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints is not IApplicationBuilder app)
        {
            throw new InvalidOperationException("the rights stand between routing and the endpoints: map the box on the application itself");
        }

        app.UseMiddleware<RightsGate>();
    }
}
