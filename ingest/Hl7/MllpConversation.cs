using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>One connection: bytes in, answers out, in the order of the messages. It opens nothing and waits only for the receiver.</summary>
public sealed class MllpConversation(IHl7Receiver receiver, Acknowledgement answers, MllpOptions options)
{
    /// <summary>So many messages are made durable at once; what comes with them in one piece follows in the next lot.</summary>
    private const int MostAtOnce = 1_024;

    private readonly MllpReader _reader = new(options.Limits);
    private readonly List<(Hl7Message Message, Receipt? Known)> _waiting = [];

    /// <summary>A frame has begun and is not whole.</summary>
    public bool IsInside => _reader.IsInside;

    public int Held => _reader.Held;

    public long Messages { get; private set; }

    /// <summary>Takes what arrived; returns the frames to send, or null when whoever sends does not speak MLLP.</summary>
    public async Task<IReadOnlyList<byte[]>?> TakeAsync(ReadOnlyMemory<byte> bytes, MonotonicInstant arrivedAt, CancellationToken cancel)
    {
        var sent = new List<byte[]>();
        while (!bytes.IsEmpty)
        {
            MllpPart part = Step(ref bytes);
            if (part == MllpPart.NotMllp)
            {
                return null;
            }

            Collect(part);
            if (_waiting.Count >= MostAtOnce)
            {
                await AnswerAsync(sent, arrivedAt, cancel);
            }
        }

        await AnswerAsync(sent, arrivedAt, cancel);
        return sent;
    }

    /// <summary>The connection ended or the frame stands still: what is whole of it is taken all the same.</summary>
    public async Task<IReadOnlyList<byte[]>> FinishAsync(MonotonicInstant arrivedAt, CancellationToken cancel)
    {
        var sent = new List<byte[]>();
        Collect(_reader.Finish());
        await AnswerAsync(sent, arrivedAt, cancel);
        return sent;
    }

    private MllpPart Step(ref ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> rest = bytes.Span;
        MllpPart part = _reader.Take(ref rest);
        bytes = bytes[^rest.Length..];
        return part;
    }

    private void Collect(MllpPart part)
    {
        if (part is MllpPart.Nothing or MllpPart.NotMllp || _reader.Content.Span is [0x06 or 0x15])
        {
            // Single bytes are the commit answers of MLLP release 2; this box sends nothing that they could answer.
            return;
        }

        byte[] content = _reader.Content.ToArray();
        if (part == MllpPart.TooLong)
        {
            var head = Hl7Message.Read(HeaderOf(content), options.Limits);
            var fault = new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, $"the message is longer than {options.Limits.MessageBytes} bytes");
            _waiting.Add((head, new Receipt(Outcome.Error, fault)));
            return;
        }

        IReadOnlyList<ReadOnlyMemory<byte>> messages = MessageSplit.Of(content, options.Limits).Messages;
        for (int i = 0; i < messages.Count; i++)
        {
            var message = Hl7Message.Read(messages[i], options.Limits);
            bool brokeOff = part == MllpPart.Unterminated && i == messages.Count - 1 && !message.EndsWhole;
            if (!brokeOff)
            {
                // A message that broke off is not taken and not answered: its sender will send it again.
                _waiting.Add((message, message.Rejection is { } why ? new Receipt(Outcome.Rejected, why) : null));
            }
        }
    }

    /// <summary>The first segment of what was kept of a message that is too long.</summary>
    private static ReadOnlyMemory<byte> HeaderOf(byte[] content)
    {
        int end = content.AsSpan().IndexOfAny((byte)'\r', (byte)'\n');
        return content.AsMemory(0, end < 0 ? content.Length : end);
    }

    private async Task AnswerAsync(List<byte[]> sent, MonotonicInstant arrivedAt, CancellationToken cancel)
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        Hl7Message[] open = [.. _waiting.Where(one => one.Known is null).Select(one => one.Message)];
        IReadOnlyList<Receipt> receipts = open.Length == 0 ? [] : await receiver.ReceiveAsync(open, arrivedAt, cancel);
        int next = 0;
        foreach ((Hl7Message message, Receipt? known) in _waiting)
        {
            Receipt receipt = known ?? receipts[next++];
            sent.AddRange(answers.Of(message, receipt.Outcome, receipt.Fault).Select(answer => Mllp.Frame(answer)));
        }

        Messages += _waiting.Count;
        _waiting.Clear();
    }
}
