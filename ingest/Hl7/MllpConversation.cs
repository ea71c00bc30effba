using System.Buffers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>One connection: bytes in, answers out, in the order of the messages. It opens nothing and waits only for the receiver.</summary>
public sealed class MllpConversation(IHl7Receiver receiver, Acknowledgement answers, MllpOptions options)
{
    /// <summary>So many messages are made durable at once; what comes with them in one piece follows in the next lot.</summary>
    private const int MostAtOnce = 1_024;

    /// <summary>Or so many bytes of them.</summary>
    private const long MostBytesAtOnce = 4 << 20;

    private readonly MllpReader _reader = new(options.Limits);
    private readonly List<(Hl7Message Message, Receipt? Known)> _waiting = [];
    private readonly List<byte[]> _rented = [];
    private long _heldByMessages;

    /// <summary>A frame has begun and is not whole.</summary>
    public bool IsInside => _reader.IsInside;

    /// <summary>Memory in use, with the messages that are not answered yet.</summary>
    public long Held => _reader.Held + Interlocked.Read(ref _heldByMessages);

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
            if (_waiting.Count >= MostAtOnce || _heldByMessages >= MostBytesAtOnce)
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

        // The messages are ranges of one rented array, which is given back when they are answered.
        byte[] rented = ArrayPool<byte>.Shared.Rent(_reader.Content.Length);
        _rented.Add(rented);
        _ = Interlocked.Add(ref _heldByMessages, rented.Length);
        _reader.Content.CopyTo(rented);
        ReadOnlyMemory<byte> content = rented.AsMemory(0, _reader.Content.Length);
        if (part == MllpPart.TooLong)
        {
            var head = Hl7Message.Read(HeaderOf(content), options.Limits);
            var fault = new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, $"the message is longer than {options.Limits.MessageBytes} bytes");
            _waiting.Add((head, new Receipt(Outcome.Rejected, fault)));
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
    private static ReadOnlyMemory<byte> HeaderOf(ReadOnlyMemory<byte> content)
    {
        int end = content.Span.IndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? content : content[..end];
    }

    private async Task AnswerAsync(List<byte[]> sent, MonotonicInstant arrivedAt, CancellationToken cancel)
    {
        if (_waiting.Count == 0)
        {
            GiveBack();
            return;
        }

        Hl7Message[] open = [.. _waiting.Where(one => one.Known is null).Select(one => one.Message)];

        // If this ends with an exception the receiver may still be reading: then nothing is given back.
        IReadOnlyList<Receipt> receipts = open.Length == 0 ? [] : await receiver.ReceiveAsync(open, arrivedAt, cancel);
        int next = 0;
        foreach ((Hl7Message message, Receipt? known) in _waiting)
        {
            Receipt receipt = known ?? receipts[next++];
            foreach (byte[] answer in answers.Of(message, receipt.Outcome, receipt.Fault))
            {
                sent.Add(Mllp.Frame(answer));
            }
        }

        Messages += _waiting.Count;
        _waiting.Clear();
        GiveBack();
    }

    private void GiveBack()
    {
        foreach (byte[] rented in _rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        _rented.Clear();
        _ = Interlocked.Exchange(ref _heldByMessages, 0);
    }
}
