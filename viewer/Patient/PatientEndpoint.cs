using Bedside.Viewer.Stays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Viewer.Patient;

/// <summary><c>/stays/{stay}/…</c>: what is the patient's to want. <c>present</c> stands for whoever lies in the bed.</summary>
internal static class PatientEndpoint
{
    public static void AddPatient(this IServiceCollection services) => services.AddSingleton<StayView>().AddSingleton<NumberLimit>().AddSingleton<PatientDesk>().AddSingleton<ErasureDesk>();

    public static void MapPatient(this IEndpointRouteBuilder api)
    {
        api.MapGet("/stays/{stay}/research", (string stay, PatientDesk desk) => desk.Research(stay))
            .WithName("research").WithTags("patient").WithSummary("Whether the patient of a stay said no to research.")
            .Produces<ResearchAnswer>().ProducesProblem(404);
        api.MapPost("/stays/{stay}/research/refusal", (string stay, PatientDesk desk, CancellationToken cancel) => desk.SayAsync(stay, isRefused: true, cancel))
            .WithName("refuse-research").WithTags("patient").WithSummary("The patient says no: holds at once for every stay of theirs, without a reason; answered when it is on disk.")
            .Produces<ResearchAnswer>().ProducesProblem(404).ProducesProblem(503);
        api.MapDelete("/stays/{stay}/research/refusal", (string stay, PatientDesk desk, CancellationToken cancel) => desk.SayAsync(stay, isRefused: false, cancel))
            .WithName("allow-research").WithTags("patient").WithSummary("The patient takes the no back.")
            .Produces<ResearchAnswer>().ProducesProblem(404).ProducesProblem(503);
        api.MapGet("/stays/{stay}/accesses", (string stay, PatientDesk desk, CancellationToken cancel) => desk.AccessesAsync(stay, cancel))
            .WithName("accesses").WithTags("patient").WithSummary("Who had to do with the data of a stay, when, how and why, for one printed page; that it was made is an entry too.")
            .Produces<AccessesAnswer>().ProducesProblem(404).ProducesProblem(503);
        api.MapGet("/erasures", (ErasureDesk desk) => TypedResults.Ok(desk.List()))
            .WithName("erasures").WithTags("patient").WithSummary("The stays that ended, the newest first, and which of them somebody asked to erase.")
            .Produces<IReadOnlyList<ErasableAnswer>>();
        api.MapGet("/stays/{stay}/erasure", (string stay, ErasureDesk desk) => desk.State(stay))
            .WithName("erasure").WithTags("patient").WithSummary("What erasing a stay would destroy, and whether somebody asked for it.")
            .Produces<ErasureAnswer>().ProducesProblem(404);
        api.MapPost("/stays/{stay}/erasure", (string stay, AskedErasure asked, HttpContext context, ErasureDesk desk, CancellationToken cancel) => desk.AskAsync(stay, asked, context, cancel))
            .WithName("ask-erasure").WithTags("patient").WithSummary("Asks that a stay be erased; another person must agree within 14 days.")
            .Accepts<AskedErasure>("application/json").Produces<ErasureAnswer>().ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
        api.MapDelete("/stays/{stay}/erasure", (string stay, HttpContext context, ErasureDesk desk, CancellationToken cancel) => desk.WithdrawAsync(stay, context, cancel))
            .WithName("withdraw-erasure").WithTags("patient").WithSummary("Takes that back, whoever asked.")
            .Produces<ErasureAnswer>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
        api.MapPost("/stays/{stay}/erasure/agree", (string stay, HttpContext context, ErasureDesk desk, CancellationToken cancel) => desk.AgreeAsync(stay, context, cancel))
            .WithName("agree-erasure").WithTags("patient").WithSummary("Another person agrees: the keys of the stay are destroyed, and nothing and nobody brings it back.")
            .Produces<ErasureAnswer>().ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
    }
}
