using static Bedside.Viewer.Rights.Callers;

namespace Bedside.Viewer.Rights;

/// <summary>
/// Who may ask what, once the box has an account: the one list. An endpoint that is not in it is refused to everybody. <c>RIGHTS.md</c> is made of it, and a test asks the running box as
/// everybody whether it is so.
/// </summary>
internal static class RightsTable
{
    private const string Get = "GET";
    private const string Post = "POST";
    private const string Put = "PUT";
    private const string Patch = "PATCH";
    private const string Delete = "DELETE";

    public static IReadOnlyList<RightsRow> Rows { get; } =
    [
        // The box itself: no patient in it.
        new(Get, "/{**path}", Everybody),
        new("HEAD", "/{**path}", Everybody),
        new(Get, "/openapi/v1.json", Bed | Persons | Emergency),
        new(Get, "/api/v1/session", Bed | Persons | Emergency),
        new(Get, "/api/v1/health", Box),
        new(Get, "/api/v1/diagnostic", Bed | Biomed | Administrator),
        new(Get, "/api/v1/devices", Box),
        new(Get, "/api/v1/ports", Box),
        new(Get, "/api/v1/help/devices", Box),
        new(Get, "/api/v1/help/devices/{driver}", Box),
        new(Get, "/api/v1/context", Box),
        new(Post, "/api/v1/heartbeat", Box),
        new(Get, "/api/v1/screens", Box),

        // What the monitor shows, and the last hour: at the bed for everybody.
        new(Get, "/api/v1/signals", Care, Bed | Biomed, OfPatient: true),
        new(Get, "/api/v1/numerics", Care, Bed | Biomed, OfPatient: true),
        new(Get, "/api/v1/live", Care, Bed | Biomed, OfPatient: true),
        new(Get, "/api/v1/alerts", Care, Bed | Biomed, OfPatient: true),
        new(Get, "/api/v1/gaps", Care, Bed | Biomed, OfPatient: true),
        new(Get, "/api/v1/signals/{id}/samples", Care, Bed | Biomed, OfPatient: true),
        new(Get, "/api/v1/signals/{id}/envelope", Care, Bed | Biomed, OfPatient: true),
        new(Get, "/api/v1/tiles/{number}/{level:int}/{index:long}", Care, Bed | Biomed, OfPatient: true),

        // History, and what people wrote.
        new(Get, "/api/v1/events", Care, Biomed, OfPatient: true),
        new(Get, "/api/v1/sheet", Care, OfPatient: true),
        new(Get, "/api/v1/annotations", Care, OfPatient: true),
        new(Post, "/api/v1/annotations", Care),
        new(Patch, "/api/v1/annotations/{key}", Care),
        new(Get, "/api/v1/completeness", Care | Biomed | Steward),
        new(Get, "/api/v1/signals/{id}/completeness", Care | Biomed | Steward),
        new("*", "/fhir/{**path}", Clinician, OfPatient: true),

        // Who lies in the bed.
        new(Get, "/api/v1/stays", Care | RightsOfficer, OfPatient: true),
        new(Get, "/api/v1/stays/tasks", Care | RightsOfficer, OfPatient: true),
        new(Post, "/api/v1/stays/tasks/{key}", Care),
        new(Post, "/api/v1/stays/compare", Care),
        new(Post, "/api/v1/stays/confirm", Care),
        new(Post, "/api/v1/stays/undo", Care),

        // What is the patient's to want: a no is taken from anybody at the bed, its end from a person who is known.
        new(Get, "/api/v1/stays/{stay}/research", Bed | Care | RightsOfficer, OfPatient: true),
        new(Post, "/api/v1/stays/{stay}/research/refusal", Bed | Care | RightsOfficer),
        new(Delete, "/api/v1/stays/{stay}/research/refusal", Clinician | RightsOfficer),
        new(Get, "/api/v1/stays/{stay}/accesses", Clinician | RightsOfficer, OfPatient: true),
        new(Get, "/api/v1/erasures", RightsOfficer | Steward | Administrator),
        new(Get, "/api/v1/stays/{stay}/erasure", RightsOfficer | Steward | Administrator),
        new(Post, "/api/v1/stays/{stay}/erasure", RightsOfficer | Steward | Administrator),
        new(Delete, "/api/v1/stays/{stay}/erasure", RightsOfficer | Steward | Administrator),
        new(Post, "/api/v1/stays/{stay}/erasure/agree", RightsOfficer | Steward | Administrator),

        // The other beds of the ward.
        new(Get, "/api/v1/ward", Care, OfPatient: true),
        new(Get, "/api/v1/ward/live", Care, OfPatient: true),
        new(Get, "/ward/{bed}/api/v1/live", Care, OfPatient: true),
        new(Get, "/ward/{bed}/api/v1/{**path}", Care, OfPatient: true),

        // Research: pages and forms. What is told to the public needs nobody; of the rest, who may do what is the studies' own rule.
        new(Get, "/research", Everybody),
        new(Get, "/recherche", Everybody),
        new(Get, "/research/poster", Everybody),
        new(Get, "/research/public-log.jsonl", Everybody),
        new(Get, "/research/style.css", Everybody),
        new(Get, "/research/sign-in", Everybody),
        new(Post, "/research/sign-in", Everybody),
        new(Post, "/research/sign-out", Everybody),
        new(Get, "/research/area", Researchers),
        new(Get, "/research/area/availability", Researchers),
        new(Get, "/research/area/availability/sample", Researchers),
        new(Get, "/research/area/request", Researcher),
        new(Post, "/research/area/request", Researcher),
        new(Get, "/research/area/{study}", Researchers),
        new(Get, "/research/area/{study}/request", Researcher),
        new(Post, "/research/area/{study}/request", Researcher),
        new(Post, "/research/area/{study}/steps", Researchers),
        new(Post, "/research/area/{study}/link", Researcher),
        new(Get, "/research/area/{study}/package", Researcher),

        // Setting up.
        new(Get, "/api/v1/settings", Clinician | Biomed | Administrator),
        new(Put, "/api/v1/settings/draft", Biomed | Administrator),
        new(Delete, "/api/v1/settings/draft", Biomed | Administrator),
        new(Post, "/api/v1/settings/apply", Biomed | Administrator),
        new(Post, "/api/v1/settings/confirm", Biomed | Administrator),
        new(Post, "/api/v1/settings/take-back", Biomed | Administrator),
        new(Post, "/api/v1/settings/return", Biomed | Administrator),
        new(Get, "/api/v1/checks", Clinician | Biomed),
        new(Get, "/api/v1/checks/rates", Clinician | Biomed),
        new(Post, "/api/v1/checks", Clinician | Biomed),

        // Signing in: whoever does it is nobody yet.
        new(Get, "/api/v1/people/me", Everybody),
        new(Post, "/api/v1/people/first/code", Bed),
        new(Post, "/api/v1/people/first", Everybody),
        new(Post, "/api/v1/people/enrol", Everybody),
        new(Post, "/api/v1/people/sign-in", Everybody),
        new(Post, "/api/v1/people/passkeys/ask", Everybody),
        new(Post, "/api/v1/people/passkeys/sign-in", Everybody),
        new(Post, "/api/v1/people/return", Everybody),
        new(Post, "/api/v1/people/sign-out", Everybody),
        new(Post, "/api/v1/people/emergency", Bed | Persons | Emergency),
        new(Put, "/api/v1/people/visitors", Box),

        // One's own account.
        new(Post, "/api/v1/people/touch", Persons | Emergency),
        new(Post, "/api/v1/people/prove", Persons),
        new(Put, "/api/v1/people/password", Persons),
        new(Put, "/api/v1/people/pin", Persons),
        new(Post, "/api/v1/people/passkeys/begin", Persons),
        new(Get, "/api/v1/people/passkeys", Persons),
        new(Post, "/api/v1/people/passkeys", Persons),
        new(Delete, "/api/v1/people/passkeys/{key}", Persons),
        new(Post, "/api/v1/people/code-app", Persons),
        new(Put, "/api/v1/people/code-app", Persons),
        new(Delete, "/api/v1/people/code-app", Persons),

        // The accounts of others, and the emergencies.
        new(Get, "/api/v1/people", Administrator | RightsOfficer),
        new(Post, "/api/v1/people", Administrator),
        new(Put, "/api/v1/people/{badge}/roles", Administrator),
        new(Put, "/api/v1/people/{badge}/state", Administrator),
        new(Post, "/api/v1/people/{badge}/reset", Administrator),
        new(Post, "/api/v1/people/{badge}/review", Administrator | RightsOfficer),
        new(Get, "/api/v1/people/emergencies", RightsOfficer),
        new(Post, "/api/v1/people/emergencies/{number:long}/review", RightsOfficer),
    ];

    private static readonly Dictionary<(string Method, string Pattern), RightsRow> ByRoute = Rows.ToDictionary(row => (row.Method, row.Pattern));

    /// <summary>Null = nobody may.</summary>
    public static RightsRow? Find(string method, string pattern) => ByRoute.GetValueOrDefault((method, pattern)) ?? ByRoute.GetValueOrDefault(("*", pattern));
}
