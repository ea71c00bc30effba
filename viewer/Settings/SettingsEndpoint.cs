using Bedside.Model.Audit;
using Bedside.Model.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer.Settings;

/// <summary>
/// <c>/settings</c>: what is set, a draft that takes effect when it is applied, the trial of changed ports, and the way back. Like everything that the box answers it is for its own display only,
/// until there are accounts.
/// </summary>
internal static class SettingsEndpoint
{
    public static void MapSettings(this IEndpointRouteBuilder api)
    {
        api.MapGet("/settings", (SettingsView view) => Answer(view, _ => SettingsReply.Done))
            .WithName("settings").WithTags("settings").WithSummary("What is set, what is prepared, what is on trial, and every earlier version.")
            .Produces<SettingsAnswer>().ProducesProblem(404);
        api.MapPut("/settings/draft", (PreparedSettings prepared, SettingsView view) => prepared is { Rests: int rests, Settings: { } form }
                ? Answer(view, desk => desk.Prepare(form, rests))
                : Problems.BadRequest("'rests' must say which version of the settings was read, and 'settings' what is to be set."))
            .WithName("prepare-settings").WithTags("settings").WithSummary("Prepares settings and checks them; nothing takes effect.")
            .Accepts<PreparedSettings>("application/json")
            .Produces<SettingsAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(503);
        Map(api, "DELETE", "/settings/draft", "discard-settings", "Throws the draft away.", desk => desk.Discard(), audited: null);
        Map(api, "POST", "/settings/apply", "apply-settings", "Puts the draft into effect; where ports change, on trial.", desk => desk.Apply(), AuditAct.SettingsApply);
        Map(api, "POST", "/settings/confirm", "confirm-settings", "Ends the trial: the settings stay. Refused while a device that was received before is not.", desk => desk.Confirm(), AuditAct.SettingsConfirm);
        Map(api, "POST", "/settings/take-back", "take-back-settings", "Ends the trial: what was in effect before is so again.", desk => desk.TakeBack(), AuditAct.SettingsTakeBack);
        api.MapPost("/settings/return", (ReturnedTo to, SettingsView view, ActJournal journal) => to.Number is int number
                ? journal.Do(ActJournal.AtScreen(AuditAct.SettingsReturn, AuditFact.Of(AuditFactKind.Number, number)), () => Answer(view, desk => desk.Return(number)))
                : Problems.BadRequest("'number' must say which version."))
            .WithName("return-settings").WithTags("settings").WithSummary("An earlier version becomes the next one; where ports change, on trial.")
            .Accepts<ReturnedTo>("application/json")
            .Produces<SettingsAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(503);
    }

    private static void Map(IEndpointRouteBuilder api, string method, string path, string name, string summary, Func<ISettingsDesk, SettingsReply> act, AuditAct? audited) =>
        api.MapMethods(path, [method], (SettingsView view, ActJournal journal) => audited is { } kept ? journal.Do(Entry(kept, view), () => Answer(view, act)) : Answer(view, act))
            .WithName(name).WithTags("settings").WithSummary(summary)
            .Produces<SettingsAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);

    /// <summary>With the number of the version that is on trial, or the next.</summary>
    private static AuditEntry Entry(AuditAct act, SettingsView view)
    {
        SettingsState? state = view.Desk?.State;
        int number = state?.Trial?.Number ?? (state is { Versions: [var newest, ..] } ? newest.Number + 1 : 0);
        return ActJournal.AtScreen(act, AuditFact.Of(AuditFactKind.Number, number));
    }

    private static IResult Answer(SettingsView view, Func<ISettingsDesk, SettingsReply> act)
    {
        if (view.Desk is not { } desk)
        {
            return Problems.NotFound("Nothing can be set at this box.");
        }

        return act(desk) switch
        {
            SettingsReply.Done => TypedResults.Ok(SettingsView.Answer(desk.State)),
            SettingsReply.Nothing => Problems.NotFound("There is no such draft, trial or version any more; read the settings again."),
            SettingsReply.Faulty => Faulty(desk.State.Draft),
            SettingsReply.Conflict => Problems.Conflict("The settings were changed meanwhile, or are on trial; read them again."),
            SettingsReply.DeviceLost => Problems.Conflict("A device that was received before is not received now; without it these settings do not stay."),
            _ => Problems.NotNow("The disk did not take the settings; nothing was changed."),
        };
    }

    private static ProblemHttpResult Faulty(SettingsDraft? draft) => Problems.BadRequest(draft switch
    {
        { Faults: [var first, ..] } => $"{first.Field}: {first.English}",
        { Changes: [] } => "The draft says nothing new.",
        _ => "It says nothing new, or a time in it is not written as 07:00.",
    });
}
