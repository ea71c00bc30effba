using System.Collections.Concurrent;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What is the same in every message about one row of a sender: type, code, place and unit (OBX-2, 3, 4, 6). Made once, used ever after.</summary>
internal sealed class RowShape
{
    private const int MostLevels = 6;

    public RowShape(Hl7Value type, Hl7Value identifier, Hl7Value place, Hl7Value unit)
    {
        Type = type.Text;
        Code = identifier.Component(1).Text;
        Label = identifier.Component(2).Text;
        System = identifier.Component(3).Text;
        Name = MetricNames.Of(identifier);
        UnitText = unit.Text;
        Unit = Units.Resolve(unit, out bool conflict);
        UnitConflict = conflict;
        Levels = LevelsOf(place.Text);
        Place = Levels.Count >= 4 ? Join(3) : string.Empty;
        Object = Levels.Count >= 4 ? Join(4) : string.Empty;
        RateInName = Type == "NA" ? RateOf(Label) : null;
        IsDevice = MetricNames.IsDevice(System) || (RateInName is not null && System.Length == 0);
    }

    /// <summary>OBX-2.</summary>
    public string Type { get; }

    /// <summary>OBX-3.1, .2 and .3.</summary>
    public string Code { get; }

    public string Label { get; }

    public string System { get; }

    public MetricName Name { get; }

    /// <summary>UCUM; empty = not told, or in doubt.</summary>
    public string Unit { get; }

    /// <summary>Number and name of the unit are of two units.</summary>
    public bool UnitConflict { get; }

    /// <summary>OBX-6 as it was sent.</summary>
    public string UnitText { get; }

    /// <summary>MDS, VMD, channel, metric, facet; empty = not told, or not dotted numbers.</summary>
    public IReadOnlyList<ulong> Levels { get; }

    /// <summary>Where in the device: MDS, VMD and channel; empty = not told.</summary>
    public string Place { get; }

    /// <summary>The metric that it is or is an attribute of; empty = not told.</summary>
    public string Object { get; }

    /// <summary>Samples a second behind the <c>@</c> of a wave's name (<c>Monitor/ECG_II@100</c>); null = there is none.</summary>
    public Fixed? RateInName { get; }

    /// <summary>The code is of a device, not of a laboratory or the like.</summary>
    public bool IsDevice { get; }

    private static Fixed? RateOf(string label)
    {
        int at = label.LastIndexOf('@');
        return at >= 0 && Fixed.TryParse(label.AsSpan(at + 1), out Fixed rate) ? rate : null;
    }

    private static ulong[] LevelsOf(string text)
    {
        string[] parts = text.Split('.');
        if (text.Length == 0 || parts.Length > MostLevels)
        {
            return [];
        }

        ulong[] levels = new ulong[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!ulong.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out levels[i]))
            {
                return [];
            }
        }

        return levels;
    }

    private string Join(int count) => string.Join('.', Levels.Take(count).Select(level => level.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>
/// The shapes that were seen, by their bytes. Several threads read messages at once. Bounded: what comes when it is full is made again each time, and so is what needs the character set or the
/// delimiters of its message.
/// </summary>
internal sealed class RowShapes
{
    /// <summary>Sixteen senders have not as many rows; each takes about 1 KiB.</summary>
    private const int Most = 4_096;

    private const int MostBytes = 256;

    private readonly ConcurrentDictionary<byte[], RowShape> _known = new(new ByteComparer());
    private readonly ConcurrentDictionary<byte[], RowShape>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private int _count;

    public RowShapes() => _lookup = _known.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The shape of an OBX whose fields begin at <paramref name="starts"/>.</summary>
    public RowShape Of(Hl7Value segment, ReadOnlySpan<int> starts, int count)
    {
        (int from, int to) = (Start(starts, count, 2), Start(starts, count, 5) - 1);
        (int unitFrom, int unitTo) = (Start(starts, count, 6), Start(starts, count, 7) - 1);
        int length = Math.Max(0, to - from) + 1 + Math.Max(0, unitTo - unitFrom);
        ReadOnlySpan<byte> bytes = segment.Bytes;
        if (count <= 4 || length > MostBytes || !segment.IsUsual)
        {
            return Make(segment, starts, count);
        }

        Span<byte> key = stackalloc byte[MostBytes];
        bytes[from..to].CopyTo(key);
        key[to - from] = (byte)'\r'; // no segment has one
        if (unitTo > unitFrom)
        {
            bytes[unitFrom..unitTo].CopyTo(key[(to - from + 1)..]);
        }

        key = key[..length];
        if (_lookup.TryGetValue(key, out RowShape? known))
        {
            return known;
        }

        RowShape made = Make(segment, starts, count);
        if (Volatile.Read(ref _count) < Most && Hl7Value.IsPlain(key) && _known.TryAdd(key.ToArray(), made))
        {
            _ = Interlocked.Increment(ref _count);
        }

        return made;
    }

    private static RowShape Make(Hl7Value segment, ReadOnlySpan<int> starts, int count) =>
        new(Field(segment, starts, count, 2), Field(segment, starts, count, 3), Field(segment, starts, count, 4), Field(segment, starts, count, 6));

    /// <summary>A field by its number; empty when there is none.</summary>
    internal static Hl7Value Field(Hl7Value segment, ReadOnlySpan<int> starts, int count, int number) =>
        number < count ? segment.Slice(starts[number], starts[number + 1] - 1 - starts[number]) : default;

    private static int Start(ReadOnlySpan<int> starts, int count, int number) => starts[Math.Min(number, count)];

    /// <summary>Hashes are another in each process: who sends cannot choose bytes that collide.</summary>
    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
