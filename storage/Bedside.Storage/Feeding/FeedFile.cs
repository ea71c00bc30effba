using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Storage.Feeding;

/// <summary>A part that may be on its way: how many of each lane, and when samples begin, which sealing could move by its millisecond.</summary>
internal sealed record FeedPlan(UtcInstant From, UtcInstant To, UtcInstant MadeAt, IReadOnlyList<FeedTaking> Takings);

/// <summary>So many of a lane, from its position on, and when each stretch of samples without a hole begins.</summary>
internal sealed record FeedTaking(uint Signal, int Count, IReadOnlyList<long> Starts);

/// <summary>
/// The file <c>feed</c>: to whom, by whom approved, how far each lane was taken and accepted, and what may be on its way. It is written before a part is handed out, so that the same
/// part is put together again after a crash (FORMAT.md, section 14).
/// </summary>
internal sealed record FeedFile
{
    private const string Title = "bedside-feed 1";

    public required string Destination { get; init; }

    public required string ApprovedBy { get; init; }

    public required UtcInstant ApprovedAt { get; init; }

    public bool Waves { get; init; }

    public long Sent { get; init; }

    public long Refused { get; init; }

    public long Lost { get; init; }

    public UtcInstant? LastAccepted { get; init; }

    /// <summary>Sequence of the first file that may hold something to be taken; of lanes without a position all of it is.</summary>
    public required ulong Floor { get; init; }

    /// <summary>Lanes of which something was taken from the floor's file on.</summary>
    public IReadOnlyDictionary<uint, FeedPosition> Lanes { get; init; } = new Dictionary<uint, FeedPosition>();

    public FeedPlan? Plan { get; init; }

    /// <summary>How far a lane was taken.</summary>
    public FeedPosition PositionOf(uint signal) => Lanes.GetValueOrDefault(signal, new FeedPosition(Floor, 0, 0, 0));

    /// <summary>Names the plan: of the destination, of where it begins in each of its lanes and how far it goes.</summary>
    public string Key()
    {
        FeedPlan plan = Plan ?? throw new InvalidOperationException("nothing is planned");
        var text = new StringBuilder(Destination);
        foreach (FeedTaking one in plan.Takings)
        {
            FeedPosition from = PositionOf(one.Signal);
            text.Append(CultureInfo.InvariantCulture, $"\n{one.Signal} {from.Sequence} {from.Number} {from.Mark} {from.Same} {one.Count}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..40];
    }

    /// <summary>Null when there is none, or none that can be understood, which is the damage. Throws the disk's errors.</summary>
    public static FeedFile? Read(IDisk disk, out Damage? damage)
    {
        (string? text, damage) = TwinFile.Read(disk, FileNames.Feed);
        if (text is null)
        {
            return null;
        }

        FeedFile? read = Parse(text);
        damage = read is null ? new Damage(FileNames.Feed, 0, SignalNumber.None, "how far the destination was told is not understood") : damage;
        return read;
    }

    /// <summary>Throws the disk's errors; the file is then what it was.</summary>
    public void Write(IDisk disk) => TwinFile.Write(disk, FileNames.Feed, ToString());

    public override string ToString()
    {
        var text = new StringBuilder(Title);
        text.Append(CultureInfo.InvariantCulture, $"\nto {Destination}\nby {ApprovedAt.UnixNanoseconds} {ApprovedBy}\nwaves {(Waves ? 1 : 0)}\ncounts {Sent} {Refused} {Lost} {LastAccepted?.UnixNanoseconds ?? 0}");
        ulong first = Lanes.Values.Select(lane => lane.Number).DefaultIfEmpty().Min();
        long near = (Plan?.To ?? LastAccepted ?? ApprovedAt).UnixNanoseconds;
        text.Append(CultureInfo.InvariantCulture, $"\nfloor {Floor} {first} {near}");
        foreach ((uint signal, FeedPosition at) in Lanes.OrderBy(lane => lane.Key))
        {
            // Small numbers: the file is written with every part.
            bool isNear = Int128.Abs((Int128)at.Mark - near) < Int128.Abs(at.Mark);
            text.Append(CultureInfo.InvariantCulture, $"\nlane {signal} {at.Sequence - Floor} {at.Number - first} {(isNear ? 1 : 0)} {(isNear ? at.Mark - near : at.Mark)} {at.Same}");
        }

        if (Plan is { } plan)
        {
            text.Append(CultureInfo.InvariantCulture, $"\npart {plan.From.UnixNanoseconds} {plan.To.UnixNanoseconds} {plan.MadeAt.UnixNanoseconds}");
            foreach (FeedTaking one in plan.Takings)
            {
                text.Append(CultureInfo.InvariantCulture, $"\ntake {one.Signal} {one.Count}");
                foreach (long start in one.Starts)
                {
                    text.Append(CultureInfo.InvariantCulture, $" {start}");
                }
            }
        }

        return text.Append('\n').ToString();
    }

    /// <summary>Null when it is no such text.</summary>
    public static FeedFile? Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length < 7 || lines[0] != Title || lines[^1].Length > 0 || !lines[1].StartsWith("to ", StringComparison.Ordinal))
        {
            return null;
        }

        string[] by = lines[2].Split(' ', 3);
        long[]? waves = Numbers(lines[3], "waves", 1);
        long[]? counts = Numbers(lines[4], "counts", 4);
        long[]? floor = Numbers(lines[5], "floor", 3);
        if (by is not ["by", var at, var name] || !long.TryParse(at, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long approved) || waves is null || counts is null || floor is null)
        {
            return null;
        }

        var file = new FeedFile
        {
            Destination = lines[1][3..],
            ApprovedBy = name,
            ApprovedAt = new UtcInstant(approved),
            Waves = waves[0] != 0,
            Sent = counts[0],
            Refused = counts[1],
            Lost = counts[2],
            LastAccepted = counts[3] == 0 ? null : new UtcInstant(counts[3]),
            Floor = (ulong)floor[0],
        };
        return file.WithLines(lines.AsSpan(6..^1), ((ulong)floor[1], floor[2]));
    }

    private FeedFile? WithLines(ReadOnlySpan<string> lines, (ulong Number, long Time) near)
    {
        var lanes = new Dictionary<uint, FeedPosition>();
        var takings = new List<FeedTaking>();
        long[]? part = null;
        foreach (string line in lines)
        {
            if (part is null && Numbers(line, "lane", 6) is { } lane)
            {
                lanes[(uint)lane[0]] = new FeedPosition(unchecked(Floor + (ulong)lane[1]), unchecked(near.Number + (ulong)lane[2]), unchecked(lane[3] == 1 ? lane[4] + near.Time : lane[4]), (int)lane[5]);
            }
            else if (part is not null && Numbers(line, "take", Math.Max(2, line.Count(letter => letter == ' '))) is { } take)
            {
                takings.Add(new FeedTaking((uint)take[0], (int)take[1], take[2..]));
            }
            else if (part is null && Numbers(line, "part", 3) is { } begun)
            {
                part = begun;
            }
            else
            {
                return null;
            }
        }

        FeedPlan? plan = part is null ? null : new FeedPlan(new UtcInstant(part[0]), new UtcInstant(part[1]), new UtcInstant(part[2]), takings);
        return this with { Lanes = lanes, Plan = plan };
    }

    private static long[]? Numbers(string line, string word, int count)
    {
        string[] parts = line.Split(' ');
        if (parts.Length != count + 1 || parts[0] != word)
        {
            return null;
        }

        long[] numbers = new long[count];
        for (int i = 0; i < count; i++)
        {
            if (!long.TryParse(parts[i + 1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }
}
