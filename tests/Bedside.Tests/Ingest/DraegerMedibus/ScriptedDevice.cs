using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>
/// A device that plays the other side of a conversation: it answers each command after 20 ms with what it was told to,
/// and sends realtime records once they are chosen and enabled. Every answer can be changed while it plays.
/// </summary>
internal sealed class ScriptedDevice
{
    private const long AnswerAfter = 20 * Wire.Millisecond;

    private readonly SortedDictionary<long, List<byte>> _outbox = [];
    private readonly SortedDictionary<long, List<byte>> _records = [];
    private long _nextRecordAt;

    public Dictionary<int, string> Answers { get; } = new()
    {
        [0x30] = "",
        [0x51] = "",
        [0x52] = "8240'Evita 4'04.00:04.00",
        [0x54] = "",
        [0x55] = "",
        [0x24] = "7D 22 B9 7.5",
        [0x27] = "",
        [0x29] = "01  40 0B  5.0",
        [0x2A] = "0E:Mode BIPAP\u0003",
    };

    /// <summary>Commands that stay without an answer.</summary>
    public HashSet<int> Deaf { get; } = [];

    /// <summary>Does not answer, and sends nothing of itself.</summary>
    public bool IsOff { get; set; }

    /// <summary>Asks who we are inside its answer to ICC, as devices do.</summary>
    public bool AsksWhoInside { get; set; } = true;

    /// <summary>What came in, in order.</summary>
    public List<(long At, byte[] Bytes)> Received { get; } = [];

    /// <summary>Time between records while traces flow.</summary>
    public long RecordEvery { get; set; } = 16 * Wire.Millisecond;

    /// <summary>The record of the given number; null = none is due.</summary>
    public Func<int, byte[]?>? Record { get; set; }

    public bool Flows { get; private set; }

    /// <summary>Records since the traces were last chosen.</summary>
    public int RecordNumber { get; private set; }

    public IEnumerable<string> Commands => Received.Where(item => item.Bytes[0] == 0x1B).Select(item => Convert.ToHexString(item.Bytes[1..2]));

    public void Take(byte[] message, long now)
    {
        Received.Add((now, message));
        if (IsOff)
        {
            return;
        }

        if (message[0] == 0xD0)
        {
            bool flows = (message[2] & 0xF) != 0;
            _nextRecordAt = flows && !Flows ? now + RecordEvery : _nextRecordAt;
            if (!flows)
            {
                StopFlow();
            }

            Flows = flows;
            return;
        }

        int code = message[1];
        if (message[0] != 0x1B || Deaf.Contains(code))
        {
            return;
        }

        if (code is 0x51 or 0x54)
        {
            StopFlow();
        }

        byte[] answer = Wire.Response(code, Answers.GetValueOrDefault(code, string.Empty));
        Say(now + AnswerAfter, code == 0x51 && AsksWhoInside ? [.. answer[..2], .. Wire.Command(0x52), .. answer[2..]] : answer);
    }

    /// <summary>Says this at this time. With ICC or a changed configuration of its own it stops the traces.</summary>
    public void Say(long at, params byte[] bytes)
    {
        if (bytes is [0x1B, 0x51 or 0x56, ..])
        {
            StopFlow();
        }

        Put(_outbox, at, bytes);
    }

    /// <summary>What has arrived by now, oldest first. Records come in bundles, as from a USB adapter.</summary>
    public List<Chunk> Until(long now)
    {
        while (Flows && !IsOff && Record is not null && _nextRecordAt <= now)
        {
            if (Record(RecordNumber++) is byte[] record)
            {
                Put(_records, _nextRecordAt - (_nextRecordAt % (50 * Wire.Millisecond)) + (50 * Wire.Millisecond), record);
            }

            _nextRecordAt += RecordEvery;
        }

        return IsOff ? [] : [.. Due(_records, now), .. Due(_outbox, now)];
    }

    private static void Put(SortedDictionary<long, List<byte>> box, long at, byte[] bytes)
    {
        if (!box.TryGetValue(at, out List<byte>? there))
        {
            box[at] = there = [];
        }

        there.AddRange(bytes);
    }

    private static List<Chunk> Due(SortedDictionary<long, List<byte>> box, long now)
    {
        List<Chunk> chunks = [];
        while (box.Count > 0 && box.First().Key <= now)
        {
            (long at, List<byte> bytes) = box.First();
            box.Remove(at);
            chunks.Add(new Chunk(new MonotonicInstant(at), bytes.ToArray()));
        }

        return chunks;
    }

    private void StopFlow()
    {
        Flows = false;
        RecordNumber = 0;
        _records.Clear();
    }

    /// <summary>A realtime record of the first streams, without sync commands.</summary>
    public static byte[] RecordOf(params int[] values) =>
        [(byte)(0xD0 | ((1 << values.Length) - 1)), .. values.SelectMany(value => new[] { (byte)(0x80 | (value & 0x3F)), (byte)(0x80 | (value >> 6)) })];

    /// <summary>A record of the realtime configuration.</summary>
    public static string Offer(string code, int microseconds, string min, string max, string bins) =>
        new StringBuilder(code).Append(microseconds.ToString().PadRight(8)).Append(min.PadLeft(5)).Append(max.PadLeft(5)).Append(bins).ToString();
}

/// <summary>Lets a session and a device talk in a time of their own, in steps of 10 ms.</summary>
internal sealed class Talk(ScriptedDevice device, LineSettings? line = null)
{
    private const long Step = 10 * Wire.Millisecond;
    private const long Tick = 100 * Wire.Millisecond;

    private readonly IDriverSession _session = Wire.Session(line: line);
    private long _lastChunk;
    private int _delivered;

    public long Now { get; private set; }

    public Ear Ear { get; } = new(Wire.Driver);

    /// <summary>Both directions, for a capture.</summary>
    public List<Chunk> Line { get; } = [];

    public Talk Run(long milliseconds)
    {
        for (long end = Now + (milliseconds * Wire.Millisecond); Now < end; Now += Step)
        {
            foreach (Chunk chunk in device.Until(Now))
            {
                Feed(chunk with { ArrivedAt = new MonotonicInstant(Now) });
            }

            if (Now - _lastChunk >= Tick || Now == 0)
            {
                Feed(new Chunk(new MonotonicInstant(Now), ReadOnlyMemory<byte>.Empty));
            }
        }

        return this;
    }

    public void Stop()
    {
        _session.Stop(Ear);
        Deliver();
    }

    private void Feed(Chunk chunk)
    {
        _lastChunk = Now;
        if (chunk.Bytes.Length > 0)
        {
            Line.Add(chunk);
        }

        _session.OnChunk(chunk, Ear);
        Deliver();
    }

    private void Deliver()
    {
        for (; _delivered < Ear.Sent.Count; _delivered++)
        {
            byte[] message = Ear.Sent[_delivered];
            Line.Add(new Chunk(new MonotonicInstant(Now), message, ChunkDirection.ToDevice));
            device.Take(message, Now);
        }
    }
}
