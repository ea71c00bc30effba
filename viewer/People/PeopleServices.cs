using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        services.AddSingleton<FailureThrottle>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<VisitorScreen>();
        services.AddSingleton<AmbientWindow>();
        services.AddSingleton<EmergencyBook>();
        services.AddHostedService(provider => provider.GetRequiredService<EmergencyBook>());
        services.AddSingleton<PeopleDesk>();
        services.AddSingleton<AccountDesk>();
        services.AddSingleton<PasskeyTickets>();
        services.AddScoped<IUserStore<Account>, AccountUserStore>();
        services.AddScoped<PasskeyDesk>();
        services.AddIdentityCore<Account>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<Microsoft.Extensions.Options.IOptions<ViewerOptions>>((passkeys, viewer) =>
        {
            passkeys.ServerDomain = viewer.Value.People.PasskeyDomain;
            passkeys.UserVerificationRequirement = "required";
            passkeys.ResidentKeyRequirement = "required";
            passkeys.AttestationConveyancePreference = "none";
        });
    }

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
