using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>What a physio id under a label means.</summary>
internal sealed record Meaning(string SignalId, SignalKind Kind, uint Code, string CodeName)
{
    /// <summary>Tells apart what only the label tells apart; empty for the usual label.</summary>
    public string Channel { get; init; } = string.Empty;

    public string OnScreen { get; init; } = string.Empty;
}

/// <summary>
/// From the monitor's numbers to the nomenclature (DEI sheet, section 13.1). Physio ids below 0xF000 are IEEE 11073-10101
/// codes of partition 2, but for one; the rest is the vendor's own and is mapped row by row. What has no row keeps its
/// number: nothing is dropped.
/// </summary>
internal static class Meanings
{
    public const string ChannelOfCompound = "compound";

    private const uint ScadaPartition = 0x20000;
    private const ushort FirstPrivate = 0xF000;
    private const uint StandardLabels = 0x0002;
    private const uint SettingLabels = 0x0402;
    private const uint PulseLabels = 0x80035400;

    private const ushort PlethPulse = 0x4822;

    /// <summary>0x4822 + 0x20000 is no code of the standard (trap 15).</summary>
    private const uint PlethPulseCode = 149530;

    /// <summary>Category of METRIC_SPECN: set by the device.</summary>
    private const ushort AutomaticSetting = 3;

    /// <summary>Category of METRIC_SPECN: set by a person.</summary>
    private const ushort ManualSetting = 4;

    /// <summary>Sites of a pulse from a pressure, by the low byte of its label: 0x80035402 is "Pulse from ABP".</summary>
    private static readonly string[] PulseSites = ["", "p", "abp", "art", "ao", "pap", "cvp", "rap", "lap", "icp", "uap", "uvp"];

    public static Meaning Of(ushort physio, uint? label, ushort category, SignalKind kind)
    {
        bool setting = kind == SignalKind.Numeric && (label >> 16 == SettingLabels || category is AutomaticSetting or ManualSetting);
        return setting ? OfSetting(physio, label) : OfMeasurement(physio, label, kind);
    }

    /// <summary>For words about a source: the nomenclature id where there is one, of whatever kind.</summary>
    public static string SourceOf(ushort physio)
    {
        Term? term = Terms.ByCode(physio);
        return RowOf(physio, term)?.Id ?? RawId($"0x{physio:X4}", term);
    }

    private static Meaning OfMeasurement(ushort physio, uint? label, SignalKind kind)
    {
        Term? term = Terms.ByCode(physio);
        NomenclatureEntry? row = RowOf(physio, term);
        bool fits = row is not null && (row.Kind == "waveform") == (kind == SignalKind.Waveform);
        (uint code, string name) = CodeOf(physio, term, fits ? row : null);
        return new Meaning(fits && row is not null ? row.Id : RawId($"0x{physio:X4}", term), kind, code, name)
        {
            Channel = Join(term?.Site ?? string.Empty, ChannelOf(physio, term, label)),
            OnScreen = term?.OnScreen ?? row?.ShortLabel ?? string.Empty,
        };
    }

    private static Meaning OfSetting(ushort physio, uint? label)
    {
        Term? term = Terms.ByCode(physio);
        NomenclatureEntry? row = SettingOf(physio) is { } id ? Nomenclature.Shipped.ById(id) : null;
        string raw = RawId(label is { } known ? $"0x{known:X8}" : $"0x{physio:X4}", term);
        return new Meaning(row?.Id ?? raw, SignalKind.Setting, row?.Code ?? 0, row is { Code: > 0 } ? row.CodeName : term?.Symbol ?? string.Empty)
        {
            OnScreen = term?.OnScreen ?? string.Empty,
        };
    }

    private static string? SettingOf(ushort physio) => physio switch
    {
        0x513C => "set-vt",
        0x500A or 0x5012 or 0x5022 => "set-rate",
        0x51A8 => "set-peep",
        0x7498 or 0x5164 => "set-fio2",
        0x5118 => "set-ie",
        _ => null,
    };

    private static NomenclatureEntry? RowOf(ushort physio, Term? term)
    {
        if (term is { SignalId.Length: > 0 })
        {
            return Nomenclature.Shipped.ById(term.SignalId);
        }

        return physio < FirstPrivate ? Nomenclature.Shipped.ByCode(ScadaPartition + physio) : null;
    }

    private static (uint Code, string Name) CodeOf(ushort physio, Term? term, NomenclatureEntry? row)
    {
        if (physio == PlethPulse)
        {
            return (PlethPulseCode, term?.Reference ?? string.Empty);
        }

        if (physio < FirstPrivate && (term is { Reference.Length: > 0 } || row is not null))
        {
            return (ScadaPartition + physio, term is { Reference.Length: > 0 } ? term.Reference : row?.CodeName ?? string.Empty);
        }

        return row is { Code: > 0, CodeName.Length: > 0 } ? (row.Code, row.CodeName) : (row?.Code ?? 0, term?.Symbol ?? string.Empty);
    }

    private static string ChannelOf(ushort physio, Term? term, uint? label)
    {
        if (label is not { } known || known == ScadaPartition + physio || known == term?.Label)
        {
            return string.Empty;
        }

        uint site = known & 0xFF;
        if ((known & 0xFFFFFF00) == PulseLabels && site < PulseSites.Length)
        {
            return PulseSites[site];
        }

        return term is null && known >> 16 == StandardLabels ? string.Empty : $"label-0x{known:X8}";
    }

    private static string RawId(string code, Term? term) => $"raw/philips/{code}/{term?.Symbol ?? "unnamed"}";

    private static string Join(string site, string label) =>
        site.Length == 0 || label.Length == 0 ? site + label : $"{site}/{label}";
}
