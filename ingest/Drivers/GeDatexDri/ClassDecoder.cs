using System.Buffers.Binary;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>A value as the record has it.</summary>
/// <param name="Code">Equal for one place of the record, whatever the signal there is called now.</param>
/// <param name="Value">Null where there is none; then <paramref name="Validity"/> says what that means.</param>
/// <param name="Episode">Empty, or what measured it now and then.</param>
internal readonly record struct Reading(string Code, Metric Metric, Fixed? Value, Validity Validity, string Episode);

/// <summary>What a group says beside its values, in words.</summary>
internal readonly record struct StateText(Metric Metric, string Words, uint Bits);

/// <summary>Marks of an episode (cuff, output, wedge): the value is older than 60 s, or is being measured.</summary>
internal readonly record struct EpisodeMark(string Episode, bool IsOld, bool IsMeasuring);

/// <summary>One subrecord of 278 bytes, decoded.</summary>
internal sealed class ClassContent
{
    public List<Reading> Readings { get; } = [];

    /// <summary>Codes of groups whose module is not there (any more).</summary>
    public List<string> Absent { get; } = [];

    public List<StateText> States { get; } = [];

    public List<EpisodeMark> Marks { get; } = [];

    public Modules Modules { get; set; }

    /// <summary>Label of the ECG group; null when the class has none.</summary>
    public ushort? Leads { get; set; }

    /// <summary>Labels of pressure groups by name (p1 to p8).</summary>
    public Dictionary<string, ushort> Sites { get; } = [];
}

/// <summary>Takes the groups of a class apart (sheet 6.3 to 6.9).</summary>
internal static class ClassDecoder
{
    /// <summary>Smaller than any real value; what is below is a special value.</summary>
    private const int FirstReal = -32000;
    private const short NotAvailable = -32767;
    private const short NotUpdated = -32766;
    private const short Discontinuity = -32765;
    private const short BelowRange = -32764;
    private const short AboveRange = -32763;
    private const short NotCalibrated = -32762;

    public static ClassContent Decode(ReadOnlySpan<byte> subrecord, int dataClass, int level, bool isTrend)
    {
        var content = new ClassContent();
        GroupState ecg = default;
        foreach (GroupRow group in DatexNomenclature.Groups(dataClass))
        {
            bool hasHeader = group.HeaderBytes > 0;
            GroupState state = hasHeader
                ? new GroupState(BinaryPrimitives.ReadUInt32LittleEndian(subrecord[group.Offset..]), BinaryPrimitives.ReadUInt16LittleEndian(subrecord[(group.Offset + 4)..]), level)
                : ecg;
            ecg = group.Name == "ecg" ? state : ecg;
            if (level < group.FirstLevel || !state.Exists)
            {
                content.Absent.Add(group.Code);
                continue;
            }

            TakeContext(group, state, content);
            List<string> specials = TakeValues(subrecord[(group.Offset + group.HeaderBytes)..], group, state, isTrend, content);
            TakeSpecials(subrecord, group, state, content);
            if (hasHeader)
            {
                content.States.Add(StateOf(group, state, specials));
            }
        }

        return content;
    }

    /// <summary>How far a special value may be trusted: not at all; which kind it is stands in the group's state.</summary>
    public static Validity ValidityOf(short raw) => raw switch
    {
        >= FirstReal => Validity.Valid,
        NotAvailable or NotUpdated => Validity.NotAvailable,
        _ => Validity.Invalid,
    };

    private static string WordOf(short raw) => raw switch
    {
        NotAvailable => string.Empty,
        NotUpdated => "not updated",
        Discontinuity => "discontinuous",
        BelowRange => "below range",
        AboveRange => "above range",
        NotCalibrated => "not calibrated",
        _ => string.Create(CultureInfo.InvariantCulture, $"special value {raw}"),
    };

    private static List<string> TakeValues(ReadOnlySpan<byte> values, GroupRow group, GroupState state, bool isTrend, ClassContent content)
    {
        var specials = new List<string>();
        Validity effect = group.States.Aggregate(Validity.Valid, (all, row) => all | EffectOf(row, state));
        foreach (ValueRow value in group.Values)
        {
            short raw = BinaryPrimitives.ReadInt16LittleEndian(values[(2 * value.Index)..]);
            if (value.Id == "@ptc")
            {
                TakeCounts(raw, group, state, isTrend, content);
                continue;
            }

            if (Naming.MetricOf(group, value, state) is not Metric metric)
            {
                continue;
            }

            Validity own = state.IsActive ? ValidityOf(raw) : Validity.NotAvailable;
            bool isReal = own == Validity.Valid;
            if (state.IsActive && !isReal && WordOf(raw) is { Length: > 0 } word)
            {
                specials.Add($"{value.Label} {word}");
            }

            // Noise on the ECG says nothing of the impedance between its electrodes.
            Validity marks = value.Name == "imp-rr" ? Validity.Valid : effect;
            content.Readings.Add(new Reading($"{group.Code}.{value.Name}", metric, isReal ? new Fixed(raw, value.Exponent) : null, own | marks, value.Episode));
        }

        return specials;
    }

    private static Validity EffectOf(StateRow row, GroupState state) =>
        row.Effect != Validity.Valid && state.Level >= row.FirstLevel && row.WordOf(state.Status, state.Label).Length > 0 ? row.Effect : Validity.Valid;

    private static StateText StateOf(GroupRow group, GroupState state, List<string> specials)
    {
        IEnumerable<string> words = group.States
            .Where(row => state.Level >= row.FirstLevel)
            .Select(row => row.WordOf(state.Status, state.Label))
            .Where(word => word.Length > 0);
        Metric metric = DatexNomenclature.Metric(string.Empty, SignalKind.Text, $"{group.Code}.state", "state") with { Label = $"{group.Name} state" };
        IEnumerable<string> all = state.IsActive ? words : words.Prepend("not active");
        return new StateText(metric, string.Join(", ", all.Concat(specials)), state.Status);
    }

    private static void TakeContext(GroupRow group, GroupState state, ClassContent content)
    {
        content.Modules |= group.Name switch
        {
            "p1" => Modules.Pressure1,
            "p2" => Modules.Pressure2,
            "p3" => Modules.Pressure3,
            "p4" => Modules.Pressure4,
            "spo2" => Modules.Oximeter,
            "co2" => Modules.Co2,
            "ecg" => Modules.Impedance,
            "flow" => Modules.Airway,
            "o2" => Modules.Oxygen,
            "aa" => Modules.Agents,
            _ => Modules.None,
        };
        if (group.Name == "ecg")
        {
            content.Leads = state.Label;
        }
        else if (group.Name is ['p', >= '1' and <= '8'])
        {
            content.Sites[group.Name] = state.Label;
        }
        else if (group.Name == "nibp")
        {
            content.Marks.Add(new EpisodeMark("cuff", (state.Label & 0x100) != 0, (state.Label & 0x20) != 0));
        }
        else if (group.Name == "co")
        {
            content.Marks.Add(new EpisodeMark("output", (state.Label & 1) != 0, IsMeasuring: false));
            content.Marks.Add(new EpisodeMark("wedge", (state.Label & 2) != 0, IsMeasuring: false));
        }
    }

    /// <summary>
    /// The word ptc of nmt: post-tetanic count in bits 0 to 4 (31 = none), count of responses in 5 to 8 (15 = none, seen; not
    /// valid in trends), stimulus current in mA in 9 to 15. Special when it is -31000 or less and all else too (sheet 6.4).
    /// </summary>
    private static void TakeCounts(short raw, GroupRow group, GroupState state, bool isTrend, ClassContent content)
    {
        const int Special = -31000;
        const int NoPostTetanic = 31;
        const int NoCount = 15;
        bool real = raw > Special && state.IsActive;
        int word = (ushort)raw;
        bool isTrainOfFour = ((state.Status >> 2) & 3) == 0;
        Add("ptc", string.Empty, "PTC", "1", real && (word & 31) != NoPostTetanic ? word & 31 : null);
        if (!isTrend)
        {
            int count = (word >> 5) & 15;
            Add("count", isTrainOfFour ? "tof-count" : string.Empty, isTrainOfFour ? "TOF count" : "count", "1", real && count != NoCount ? count : null);
        }

        Add("current", string.Empty, "stimulus current", "mA", real ? word >> 9 : null);

        void Add(string name, string id, string label, string unit, int? value)
        {
            Metric metric = DatexNomenclature.Metric(id, SignalKind.Numeric, $"{group.Code}.{name}", label, unit);
            Fixed? shown = value is int number ? new Fixed(number, 0) : null;
            content.Readings.Add(new Reading($"{group.Code}.{name}", metric, shown, value is null ? Validity.NotAvailable : Validity.Valid, string.Empty));
        }
    }

    /// <summary>What is not a row of values.</summary>
    private static void TakeSpecials(ReadOnlySpan<byte> subrecord, GroupRow group, GroupState state, ClassContent content)
    {
        switch (group.Name)
        {
            case "co2":
                TakePartialPressures(subrecord[(group.Offset + group.HeaderBytes)..], group, state, content);
                break;
            case "arrh":
                const int ArrhythmiaWord = 16;
                uint bits = BinaryPrimitives.ReadUInt32LittleEndian(subrecord[ArrhythmiaWord..]);
                string words = string.Join(", ", StateTables.Arrhythmias.Where((_, bit) => (bits >> bit & 1) != 0));
                content.States.Add(new StateText(
                    DatexNomenclature.Metric(string.Empty, SignalKind.Text, $"{group.Code}.arrhythmias", "arrhythmias"), words, bits));
                break;
            case "eeg2":
                content.States.Add(new StateText(
                    DatexNomenclature.Metric(string.Empty, SignalKind.Text, $"{group.Code}.electrodes", "electrodes"),
                    ElectrodesOf(subrecord.Slice(group.Offset + group.HeaderBytes, 9)),
                    0));
                break;
        }
    }

    /// <summary>Per cent of the ambient pressure in mmHg: et × amb × 1e-5, which is not corrected for water vapour (sheet 6.9).</summary>
    private static void TakePartialPressures(ReadOnlySpan<byte> values, GroupRow group, GroupState state, ClassContent content)
    {
        short end = BinaryPrimitives.ReadInt16LittleEndian(values);
        short inspired = BinaryPrimitives.ReadInt16LittleEndian(values[2..]);
        short ambient = BinaryPrimitives.ReadInt16LittleEndian(values[6..]);
        Add("et-pressure", "etco2", "EtCO2", end, isThere: true);
        Add("fi-pressure", "inco2", "FiCO2", inspired, isThere: ((state.Label >> 3) & 7) == 1);

        void Add(string name, string id, string label, short fraction, bool isThere)
        {
            bool real = isThere && state.IsActive && ValidityOf(fraction) == Validity.Valid && ValidityOf(ambient) == Validity.Valid && ambient > 0;
            Validity effect = group.States.Aggregate(Validity.Valid, (all, row) => all | EffectOf(row, state));
            Metric metric = DatexNomenclature.Metric(id, SignalKind.Numeric, $"{group.Code}.{name}", label, "mm[Hg]");
            Fixed? pressure = real ? new Fixed((long)Math.Round((decimal)fraction * ambient / 1000, MidpointRounding.AwayFromZero), -2) : null;
            content.Readings.Add(new Reading($"{group.Code}.{name}", metric, pressure, (real ? Validity.Valid : Validity.NotAvailable) | effect, string.Empty));
        }
    }

    private static string ElectrodesOf(ReadOnlySpan<byte> codes)
    {
        var words = new List<string> { $"reference {NameOf(codes[0])}" };
        for (int channel = 1; channel <= 4; channel++)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"EEG{channel} {NameOf(codes[2 * channel])} to {NameOf(codes[(2 * channel) - 1])}"));
        }

        return string.Join(", ", words);

        static string NameOf(byte code) => code < StateTables.Electrodes.Length ? StateTables.Electrodes[code] : string.Create(CultureInfo.InvariantCulture, $"electrode {code}");
    }
}
