using System.Collections.Frozen;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>What a channel stands for; <paramref name="Id"/> is empty where the nomenclature has none.</summary>
internal sealed record ChannelRow(int Channel, string Name, string Id, string Part);

/// <summary>A channel of states: its words by code.</summary>
internal sealed record SwitchRow(ChannelRow Row, FrozenDictionary<int, string> Words);

/// <summary>Whom an alarm is about.</summary>
internal enum AlarmAbout
{
    Patient,
    Device,

    /// <summary>It only says that there are others.</summary>
    Summary,
}

/// <summary>What an alarm's channel stands for.</summary>
internal sealed record AlarmRow(int Channel, string Name, AlarmAbout About, string Source);

/// <summary>The channels by number, and the names that signals get from them.</summary>
internal static class ServoNomenclature
{
    private const int HoldsChannel = 311;

    private static readonly FrozenDictionary<int, ChannelRow> Rows =
        Lines(ChannelTables.Curves + "\n" + ChannelTables.Breath + "\n" + ChannelTables.Settings).Select(RowOf).ToFrozenDictionary(row => row.Channel);

    private static readonly FrozenDictionary<int, SwitchRow> Switches = Lines(StateTables.Switches)
        .Select(field => new SwitchRow(RowOf(field), field[3].Split(';').Select(word => word.Split(' ', 2)).ToFrozenDictionary(word => Number(word[0]), word => word[1])))
        .ToFrozenDictionary(entry => entry.Row.Channel);

    private static readonly FrozenDictionary<int, AlarmRow> Alarms = Lines(StateTables.Alarms)
        .Select(field => new AlarmRow(Number(field[0]), field[1], Enum.Parse<AlarmAbout>(field[2], ignoreCase: true), field[3]))
        .ToFrozenDictionary(row => row.Channel);

    /// <summary>Curves in the order in which they are wanted: what cannot all be had is left out from the end.</summary>
    public static IReadOnlyList<int> WantedCurves { get; } = [100, 113, 114, 119, 118];

    /// <summary>Where a software has no channel 113.</summary>
    public static IReadOnlyList<int> OlderPressures { get; } = [101, 102];

    public static IEnumerable<int> BreathChannels => Rows.Keys.Where(channel => channel is >= 200 and < 300).Order();

    public static IEnumerable<int> SettingChannels => Rows.Keys.Concat(Switches.Keys).Where(channel => channel is >= 300 and < 400).Order();

    public static IEnumerable<int> AlarmChannels => Alarms.Keys.Order();

    public static SwitchRow? Switch(int channel) => Switches.GetValueOrDefault(channel);

    public static AlarmRow Alarm(int channel) =>
        Alarms.GetValueOrDefault(channel) ?? new AlarmRow(channel, $"alarm {channel}", AlarmAbout.Patient, string.Empty);

    /// <summary>The word of a state. A sum of states is told as all of them; a code without a word as its number.</summary>
    public static string WordOf(SwitchRow row, int code)
    {
        if (row.Words.TryGetValue(code, out string? word))
        {
            return word;
        }

        IEnumerable<string> bits = row.Words.Where(pair => pair.Key > 0 && (code & pair.Key) != 0).OrderBy(pair => pair.Key).Select(pair => pair.Value);
        return row.Row.Channel == HoldsChannel ? string.Join(", ", bits) : string.Create(CultureInfo.InvariantCulture, $"code {code}");
    }

    /// <summary>The metric of a channel: its id of the nomenclature, or <c>raw/servo/231/NAME</c>; the unit is as the ventilator tells it.</summary>
    public static Metric MetricOf(int channel, SignalKind kind, string unit)
    {
        ChannelRow row = Switches.GetValueOrDefault(channel)?.Row ?? Rows.GetValueOrDefault(channel) ?? new ChannelRow(channel, "channel", string.Empty, string.Empty);
        return Named(row.Id.Length > 0 ? row.Id : RawId(channel, row.Name), kind, row.Name, unit) with { Channel = row.Part, DeviceCode = $"servo:{channel:D3}" };
    }

    public static Metric AlarmMetric(int channel)
    {
        AlarmRow row = Alarm(channel);
        return Named(RawId(channel, row.Name), SignalKind.Text, row.Name, string.Empty) with { DeviceCode = $"servo:{channel:D3}" };
    }

    public static Metric Named(string id, SignalKind kind, string label, string unit)
    {
        NomenclatureEntry? entry = Nomenclature.Shipped.ById(id);
        return new Metric
        {
            SignalId = id,
            Kind = kind,
            Code = entry?.Code ?? 0,
            CodeName = string.IsNullOrEmpty(entry?.CodeName) ? label : entry.CodeName,
            Unit = unit,
            Label = label,
        };
    }

    private static string RawId(int channel, string name)
    {
        IEnumerable<char> kept = name.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' ? letter : '-');
        string joined = string.Join('-', string.Concat(kept).Split('-', StringSplitOptions.RemoveEmptyEntries));
        return $"raw/servo/{channel:D3}/{joined}";
    }

    private static ChannelRow RowOf(string[] field)
    {
        string[] id = field[2].Split('/');
        return new ChannelRow(Number(field[0]), field[1], id[0], id.Length > 1 ? id[1] : string.Empty);
    }

    private static IEnumerable<string[]> Lines(string table) => table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'));

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
