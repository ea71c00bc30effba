using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>How what is sent out of the box stands.</summary>
public enum OutboundState
{
    /// <summary>Nothing was sent yet.</summary>
    Starting = 1,
    Fine = 2,

    /// <summary>The destination does not answer.</summary>
    Unreachable = 3,

    /// <summary>It answers that it cannot take data now.</summary>
    Deferred = 4,

    /// <summary>It refuses messages for good; they are set aside.</summary>
    Refusing = 5,

    /// <summary>The disk does not take how far it came, so nothing leaves.</summary>
    Blocked = 6,
}

/// <summary>What leaves the box, where to, and who approved it. The host tells it.</summary>
/// <param name="ApprovedAt">When that was recorded; null = not yet, and nothing left.</param>
/// <param name="Sent">Messages that the destination has.</param>
/// <param name="Refused">Messages that it refused.</param>
/// <param name="Lost">Values that went from the store before they were sent.</param>
/// <param name="LastAck">When it last said that it has something.</param>
/// <param name="Oldest">Time of the oldest value that waits.</param>
/// <param name="Detail">What was said or failed last, as it was said; empty = all is well.</param>
public sealed record OutboundReport(string Destination, string ApprovedBy, UtcInstant? ApprovedAt, OutboundState State, long Sent, long Refused, long Lost, UtcInstant? LastAck, UtcInstant? Oldest, string Detail);

/// <summary>The same in words for people.</summary>
/// <param name="BacklogSeconds">Age of the oldest value that waits; null = nothing does.</param>
internal sealed record OutboundAnswer(
    string Destination,
    string ApprovedBy,
    UtcInstant? ApprovedAt,
    OutboundState State,
    Sentence Sentence,
    long Sent,
    long Refused,
    long Lost,
    UtcInstant? LastAck,
    double? BacklogSeconds,
    string Detail)
{
    /// <summary>With less nobody needs to look.</summary>
    private const double LongBacklog = 900;

    public bool NeedsAttention => State is OutboundState.Refusing or OutboundState.Blocked || BacklogSeconds > LongBacklog;

    public static OutboundAnswer? Of(OutboundReport? told, UtcInstant now) => told is null ? null : new OutboundAnswer(
        told.Destination,
        told.ApprovedBy,
        told.ApprovedAt,
        told.State,
        SentenceOf(told),
        told.Sent,
        told.Refused,
        told.Lost,
        told.LastAck,
        told.Oldest is { } oldest ? Math.Round(Math.Max(0, now.Since(oldest) / 1e9), 1) : null,
        told.Detail);

    private static Sentence SentenceOf(OutboundReport told) => told.State switch
    {
        OutboundState.Fine => new Sentence(
            $"Les données sont transmises à {told.Destination}, qui les confirme.",
            $"Data are sent to {told.Destination}, which acknowledges them."),
        OutboundState.Unreachable => new Sentence(
            $"{told.Destination} ne répond pas : les données attendent dans le boîtier et partiront dès que possible.",
            $"{told.Destination} does not answer: data wait in the box and leave as soon as they can."),
        OutboundState.Deferred => new Sentence(
            $"{told.Destination} ne peut pas prendre les données pour le moment : l’envoi est retenté.",
            $"{told.Destination} cannot take data for now: it is tried again."),
        OutboundState.Refusing => new Sentence(
            $"{told.Destination} refuse des messages : ils sont mis de côté ; faites vérifier ses réglages.",
            $"{told.Destination} refuses messages: they are set aside; have its settings checked."),
        OutboundState.Blocked => new Sentence(
            $"Le boîtier ne peut pas noter ce qui a été transmis à {told.Destination} : rien ne part ; prévenez le service biomédical.",
            $"The box cannot note what was sent to {told.Destination}: nothing leaves; tell the biomedical department."),
        _ => new Sentence(
            $"La transmission à {told.Destination} commence.",
            $"Sending to {told.Destination} begins."),
    };
}
