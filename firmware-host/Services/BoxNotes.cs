using Bedside.Host.Options;
using Bedside.Ingest.Detection;
using Bedside.Viewer;

namespace Bedside.Host.Services;

/// <summary>What of the box wants a person, beside what is measured.</summary>
internal static class BoxNotes
{
    private static HealthNote OldSenders { get; } = new("hl7", new Sentence(
        "L’entrée HL7 accepte aussi TLS 1.2 (hl7.tls12) : mettez ses émetteurs à TLS 1.3, puis retirez ce réglage.",
        "HL7 is also taken over TLS 1.2 (hl7.tls12): bring its senders to TLS 1.3, then take that setting away."))
    { IsChosen = true };

    private static HealthNote OldDestination { get; } = new("hl7-out", new Sentence(
        "La sortie HL7 accepte aussi TLS 1.2 (hl7Out.tls12) : mettez la destination à TLS 1.3, puis retirez ce réglage.",
        "HL7 is also sent over TLS 1.2 (hl7Out.tls12): bring the destination to TLS 1.3, then take that setting away."))
    { IsChosen = true };

    /// <summary>The gravest first.</summary>
    /// <param name="options">Checked.</param>
    /// <param name="settings">What is wrong with the file of the settings; null = nothing.</param>
    /// <param name="talker">Why nobody gives serial ports; null = somebody does, or this program has them itself.</param>
    public static IReadOnlyList<HealthNote> Of(BedOptions options, Sentence? settings, Finding? talker) =>
    [
        .. talker is null ? (HealthNote[])[] : [new HealthNote("ports", new Sentence(talker.French, talker.English)) { IsWhyNothingIsHeard = true }],
        .. settings is null ? (HealthNote[])[] : [new HealthNote("settings", settings)],
        .. options.Hl7 is { Port: not null, Tls12: true } ? (HealthNote[])[OldSenders] : [],
        .. options.Hl7Out is { IsOn: true, Tls12: true } ? (HealthNote[])[OldDestination] : [],
    ];
}
