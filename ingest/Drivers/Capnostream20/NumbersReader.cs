using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>What the messages of numbers say: values, limits, alarms, the device's clock.</summary>
internal sealed class NumbersReader(Readout readout)
{
    private static readonly TimeSpan EverySecond = TimeSpan.FromSeconds(1);

    private readonly StandingAlerts _alerts = new();
    private readonly StandingAlerts _waveAlerts = new();
    private readonly Dictionary<int, byte?> _limits = [];
    private byte? _fast;

    public void Take(Numerics numbers, IDriverOutput output)
    {
        output.Report(new DeviceEvent.WallClock(numbers.Wall, At: null));
        byte co2 = numbers[CapnostreamNomenclature.Co2AlarmsAt];
        byte spo2 = numbers[CapnostreamNomenclature.Spo2AlarmsAt];
        HashSet<string> alarming = [.. Standing(CapnostreamNomenclature.Co2Alarms, co2), .. Standing(CapnostreamNomenclature.Spo2Alarms, spo2)];
        foreach (PlaceRow row in CapnostreamNomenclature.Places)
        {
            TakeValue(row, numbers, alarming, output);
        }

        byte slow = numbers[CapnostreamNomenclature.SlowAt];
        Say("9", "patient-type", (slow & CapnostreamNomenclature.Neonatal) != 0 ? "neonatal" : "not neonatal", slow, output);
        Say("9", "oximetry", (slow & CapnostreamNomenclature.Masimo) != 0 ? "Masimo" : "Nellcor", slow, output);
        Say("9", "slow-status", slow.ToString("X2", CultureInfo.InvariantCulture), slow, output);
        Say("10", "not-described", Convert.ToHexString(numbers.Part(CapnostreamNomenclature.UnknownAt, CapnostreamNomenclature.UnknownLength)), 0, output);
        bool silenced = (slow & CapnostreamNomenclature.Silenced) != 0;
        byte extended = numbers[CapnostreamNomenclature.ExtendedAt];
        _alerts.Take(
            [
                .. AlertsOf(CapnostreamNomenclature.Co2Alarms, co2, "13", silenced),
                .. AlertsOf(CapnostreamNomenclature.Spo2Alarms, spo2, "14", silenced),
                .. AlertsOf(CapnostreamNomenclature.ExtendedBits, extended, "26", silenced),
            ],
            at: null,
            output);
    }

    /// <summary>The status that comes with each sample of the wave.</summary>
    public void TakeWaveStatus(byte status, IDriverOutput output)
    {
        byte standing = (byte)(status & ~CapnostreamNomenclature.EndOfBreath);
        if (standing != _fast)
        {
            _fast = standing;
            _waveAlerts.Take(AlertsOf(CapnostreamNomenclature.FastBits, standing, "0", silenced: false), at: null, output);
        }
    }

    private static IEnumerable<string> Standing(IReadOnlyList<BitRow> rows, byte bits) => rows.Where(row => (bits & row.Bit) != 0).Select(row => row.Source);

    private void TakeValue(PlaceRow row, Numerics numbers, HashSet<string> alarming, IDriverOutput output)
    {
        byte? value = numbers.Value(row.Place);
        if (row.IsLimit && _limits.TryGetValue(row.Place, out byte? before) && before == value)
        {
            return;
        }

        _limits[row.Place] = value;
        bool named = row.Id.Length > 0 && (row.Unit is not null || numbers.Unit.IsPressure);
        string code = row.Place.ToString(CultureInfo.InvariantCulture);
        string id = named ? row.Id : readout.RawId(code, row.Name);
        SignalKind kind = row.IsLimit ? SignalKind.Setting : SignalKind.Numeric;
        Metric metric = readout.Metric(id, kind, code, row.Unit ?? numbers.Unit.Ucum, row.Name) with { ExpectedEvery = row.IsLimit ? null : EverySecond };
        sbyte exponent = (sbyte)(row.Unit is null ? -numbers.Unit.Decimals : 0);
        readout.Number(metric, value is { } known ? new Fixed(known, exponent) : null, at: null, output, alarming.Contains(row.Id) ? Validity.InAlarm : Validity.Valid);
    }

    private void Say(string code, string name, string text, byte bits, IDriverOutput output) =>
        readout.Text(readout.Metric(readout.RawId(code, name), SignalKind.Text, $"{code}:{name}", string.Empty, name), text, at: null, output, bits);

    private static IEnumerable<Alert> AlertsOf(IReadOnlyList<BitRow> rows, byte bits, string place, bool silenced)
    {
        foreach (BitRow row in rows.Where(row => (bits & row.Bit) != 0))
        {
            yield return new Alert
            {
                Key = $"{Capnostream20Session.System}:{place}:{row.Bit:X2}",
                Phase = AlertPhase.Start,
                Priority = row.Priority,
                Technical = row.Technical,
                Text = row.Text,
                CodeName = $"{Capnostream20Session.System}:{place}:0x{row.Bit:X2}",
                Source = row.Source,
                Silenced = silenced,
            };
        }
    }
}
