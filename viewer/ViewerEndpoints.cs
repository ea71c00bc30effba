using Bedside.Viewer.Fhir;
using Bedside.Viewer.Live;
using Bedside.Viewer.Patient;
using Bedside.Viewer.People;
using Bedside.Viewer.Research;
using Bedside.Viewer.Screens;
using Bedside.Viewer.Settings;
using Bedside.Viewer.Sheet;
using Bedside.Viewer.Stays;
using Bedside.Viewer.Ward;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary>The two calls by which the host gets a viewer.</summary>
public static class ViewerEndpoints
{
    private const int JsonDepth = 16;

    /// <summary>
    /// Adds what the viewer needs; the <see cref="Storage.Store"/> must be a service too; another
    /// <see cref="TimeProvider"/> than the system's, an <see cref="Model.Stays.IStayDesk"/>, an <see cref="Model.People.IAccountBook"/>, an <see cref="Model.Audit.IAuditTrail"/>, and what <see cref="ResearchBox"/> takes, may be. Throws <see cref="OptionsValidationException"/> when an option is wrong.
    /// </summary>
    public static IServiceCollection AddBedsideViewer(this IServiceCollection services, ViewerOptions options)
    {
        ValidateOptionsResult valid = new ViewerOptionsValidator().Validate(Options.DefaultName, options);
        if (valid.Failed)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(ViewerOptions), valid.Failures);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(provider => BoxRun.Begin(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<DeviceBook>();
        services.AddSingleton<ActJournal>();
        services.AddSingleton<AnnotationBook>();
        services.AddSingleton<MarkReader>();
        services.AddSingleton<SignalCheckBook>();
        services.AddSingleton<SettingsView>();
        services.AddSingleton<CompletenessBook>();
        services.AddSingleton<BedView>();
        services.AddSingleton<CompletenessDay>();
        services.AddSingleton<SheetBook>();
        services.AddSingleton<ListReader>();
        services.AddPatient();
        services.AddSingleton<ScreenBook>();
        services.AddSingleton<FrontEnd>();
        services.AddFhir();
        services.AddPeople();
        services.AddResearch();
        services.AddWard();
        services.AddSingleton<LiveHub>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveHub>());
        services.AddHostedService<SheetWarming>();
        services.AddTransient<IStartupFilter, ViewerPipeline>();
        services.Configure<WebSocketOptions>(sockets =>
        {
            sockets.KeepAliveInterval = TimeSpan.FromSeconds(15);
            sockets.KeepAliveTimeout = TimeSpan.FromSeconds(15);
        });
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.Explain);
        services.AddOpenApi(ApiDocument.Name, ApiDocument.Describe);
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Clear();
            json.SerializerOptions.TypeInfoResolverChain.Add(ViewerJson.Default);
            json.SerializerOptions.MaxDepth = JsonDepth;
            foreach (System.Text.Json.Serialization.JsonConverter converter in ViewerJson.Default.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        return services.AddTrafficLimits();
    }

    private static void AddFhir(this IServiceCollection services)
    {
        services.AddSingleton<FhirBox>();
        services.AddSingleton<FhirReads>();
        services.AddSingleton<FhirEndpoint>();
    }

    private static void AddWard(this IServiceCollection services)
    {
        services.TryAddSingleton(new PeerPace());
        services.AddSingleton<WardGiver>();
        services.AddHostedService(provider => provider.GetRequiredService<WardGiver>());
        services.AddSingleton<WardHub>();
        services.AddHostedService(provider => provider.GetRequiredService<WardHub>());
    }

    /// <summary>Maps <c>/api/v1</c>, <c>/fhir</c>, <c>/research</c>, <c>/openapi/v1.json</c> and the built front end.</summary>
    public static IEndpointRouteBuilder MapBedside(this IEndpointRouteBuilder endpoints)
    {
        endpoints.UseRights();
        RouteGroupBuilder api = endpoints.MapGroup("/api/v1");
        api.MapSession();
        api.MapHealth();
        api.MapPorts();
        api.MapHelp();
        api.MapSettings();
        api.MapSignalChecks();
        api.MapDiagnostic();
        api.MapSignals();
        api.MapSamples();
        api.MapEnvelope();
        api.MapCompleteness();
        api.MapTiles();
        api.MapSheet();
        api.MapLists();
        api.MapAnnotations();
        api.MapContext();
        api.MapStays();
        api.MapPatient();
        api.MapScreens();
        api.MapLive();
        api.MapWard();
        api.MapPeople();
        api.MapPasskeys();
        api.MapCodeApp();
        api.MapAccounts();
        endpoints.MapWardRelay();
        endpoints.MapResearch();
        endpoints.MapFhir();
        endpoints.MapOpenApi("/openapi/v1.json");
        FrontEnd.Map(endpoints);
        return endpoints;
    }
}

[OptionsValidator]
internal sealed partial class ViewerOptionsValidator : IValidateOptions<ViewerOptions>;

/// <summary>What every request passes before the endpoints.</summary>
internal sealed class ViewerPipeline : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<Doorkeeper>();
        app.UseTrafficLimits();
        app.UseMiddleware<WardDoor>();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseWebSockets();
        app.LetSocketsLast();
        next(app);
    };
}
