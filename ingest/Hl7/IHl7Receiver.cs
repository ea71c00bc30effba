using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What became of one message, and why.</summary>
public readonly record struct Receipt(Outcome Outcome, Hl7Fault? Fault = null);

/// <summary>Takes messages and says so only when what is kept of them is on the disk.</summary>
public interface IHl7Receiver
{
    /// <summary>One receipt for each message, in order. Called by several connections at once; never throws for what is in a message.</summary>
    Task<IReadOnlyList<Receipt>> ReceiveAsync(IReadOnlyList<Hl7Message> messages, MonotonicInstant arrivedAt, CancellationToken cancel);
}

/// <summary>Bounds of a listener.</summary>
public sealed record MllpOptions
{
    public Hl7Limits Limits { get; init; } = Hl7Limits.Default;

    /// <summary>With more, the one that said nothing for longest is closed: senders reconnect without hanging up.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Of all connections together; who would need more is closed.</summary>
    public int BufferedBytes { get; init; } = 32 << 20;

    /// <summary>A frame that stands still for this long is over.</summary>
    public TimeSpan FrameIdle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A frame must be whole within this; whoever trickles is closed.</summary>
    public TimeSpan FrameWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>An answer must be taken within this; so must a handshake be done.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(10);

    public AnswerMode Answers { get; init; }

    /// <summary>How single senders are answered, by <see cref="SenderName"/>; null from it = as all.</summary>
    public Func<string, AnswerMode?>? AnswersOf { get; init; }

    /// <summary>AA, AE, AR also where CA, CE, CR are due.</summary>
    public bool AlwaysApplication { get; init; }
}
