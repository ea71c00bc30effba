using System.Collections.Immutable;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.MasimoAscii;

/// <summary>One oximeter that sends a line each second. It has a wall clock and no counter, so values have the time at which their line came.</summary>
internal sealed class MasimoAsciiSession : IDriverSession
{
    private const string System = "masimo-ascii";
    private const long SilenceTimeout = 4_000_000_000;
    private static readonly TimeSpan EverySecond = TimeSpan.FromSeconds(1);

    private readonly Deframer _deframer = new();
    private readonly Belief _belief = new();
    private readonly Readout _readout = new(System);
    private readonly StandingAlerts _alerts = new();
    private readonly LinkWatch _link = new(SilenceTimeout);
    private string? _serial;
    private bool _lineSeen;

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        _ = _link.Elapse(chunk.ArrivedAt, output);
        foreach (byte value in chunk.Bytes.Span)
        {
            switch (_deframer.Take(value))
            {
                case Part.Line:
                    TakeLine(chunk.ArrivedAt, output);
                    break;
                case Part.TooLong:
                    Damage("bytes come without the end of a line", output);
                    break;
            }
        }
    }

    private void TakeLine(MonotonicInstant now, IDriverOutput output)
    {
        bool first = !_lineSeen;
        _lineSeen = true;
        if (OximeterLine.Read(_deframer.Line) is not { } line)
        {
            // The first may be the end of one that began before we listened.
            if (!first)
            {
                Damage("a line is not of the form of ASCII 1", output);
            }

            return;
        }

        IReadOnlyList<OximeterLine> believed = _belief.Take(line, out bool dropped);
        if (dropped)
        {
            Damage("a line was unlike those before and after it", output);
        }

        foreach (OximeterLine one in believed)
        {
            _link.Hear(now, output);
            Tell(one, output);
        }
    }

    private void Damage(string reason, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault(reason, _deframer.At));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
    }

    private void Tell(OximeterLine line, IDriverOutput output)
    {
        Introduce(line, output);
        output.Report(new DeviceEvent.WallClock(line.Wall, At: null));
        uint alarms = line.Bits(MasimoNomenclature.Alarms) ?? 0;
        uint exceptions = line.Bits(MasimoNomenclature.Exceptions) ?? 0;
        foreach ((string key, string value) in line.Fields)
        {
            if (key == MasimoNomenclature.Serial)
            {
                continue;
            }

            KeyRow row = MasimoNomenclature.Of(key) ?? KeyRow.Unknown(key);
            if (row.IsBits)
            {
                _readout.Text(_readout.Metric(_readout.RawId(key, "bits"), SignalKind.Text, key, string.Empty, key), value, at: null, output, line.Bits(key) ?? 0);
            }
            else
            {
                TakeValue(row, value, ValidityOf(row, alarms, exceptions), output);
            }
        }

        _alerts.Take(Alerts(alarms, exceptions), at: null, output);
    }

    private void Introduce(OximeterLine line, IDriverOutput output)
    {
        string digits = line.Value(MasimoNomenclature.Serial) ?? string.Empty;
        string serial = digits.Contains('-', StringComparison.Ordinal) ? string.Empty : digits;
        if (serial == _serial)
        {
            return;
        }

        _serial = serial;
        output.Report(new DeviceEvent.Identity(new DeviceIdentity
        {
            Manufacturer = "Masimo",
            Model = "oximeter",
            SerialNumber = serial,
            Protocol = "ASCII 1",
            Properties = ImmutableSortedDictionary<string, string>.Empty.Add("model", "not told by the line"),
        }));
    }

    private void TakeValue(KeyRow row, string text, Validity validity, IDriverOutput output)
    {
        string id = row.Id.Length > 0 ? row.Id : _readout.RawId(row.Key, row.Key);
        string number = text.TrimEnd('%');
        bool missing = number.AsSpan(number.Length > 0 && number[0] is '+' or '-' ? 1 : 0).Contains('-') || number == "-";
        Metric metric = _readout.Metric(id, SignalKind.Numeric, row.Key, row.Unit, row.Key) with { ExpectedEvery = EverySecond };
        if (missing)
        {
            _readout.Number(metric, value: null, at: null, output, validity);
        }
        else if (Fixed.TryParse(number, out Fixed value))
        {
            _readout.Number(metric, value, at: null, output, validity);
        }
        else if (row.Forms.Length > 0)
        {
            output.Report(new DeviceEvent.Fault($"the value of {row.Key} is no number: '{text}'", _deframer.At));
        }
        else
        {
            string words = _readout.RawId(row.Key, "text");
            _readout.Text(_readout.Metric(words, SignalKind.Text, row.Key, string.Empty, row.Key), text, at: null, output);
        }
    }

    private static Validity ValidityOf(KeyRow row, uint alarms, uint exceptions)
    {
        bool measured = row.Key == MasimoNomenclature.Saturation || row.Key == MasimoNomenclature.Pulse;
        bool doubtful = (measured && (exceptions & MasimoNomenclature.Doubtful) != 0)
            || (row.Id == "spco" && (exceptions & MasimoNomenclature.DoubtfulCarboxyhaemoglobin) != 0)
            || (row.Id == "spmet" && (exceptions & MasimoNomenclature.DoubtfulMethaemoglobin) != 0);
        bool inAlarm = row.Id.Length > 0 && MasimoNomenclature.AlarmBits.Any(bit => bit.Source == row.Id && (alarms & bit.Bit) != 0);
        return (measured && (exceptions & MasimoNomenclature.Unusable) != 0 ? Validity.Invalid : Validity.Valid)
            | (doubtful ? Validity.Questionable : Validity.Valid)
            | (inAlarm ? Validity.InAlarm : Validity.Valid);
    }

    private static IEnumerable<Alert> Alerts(uint alarms, uint exceptions)
    {
        bool silenced = (alarms & MasimoNomenclature.AlarmSilenced) != 0;
        foreach (BitRow row in MasimoNomenclature.AlarmBits.Where(row => (alarms & row.Bit) != 0))
        {
            yield return AlertOf(row, MasimoNomenclature.Alarms) with { Silenced = silenced };
        }

        if ((alarms & ~MasimoNomenclature.AlarmSilenced) == MasimoNomenclature.AlarmActive)
        {
            yield return AlertOf(new BitRow(MasimoNomenclature.AlarmActive, "Alarm active", AlertPriority.Medium, Technical: false), MasimoNomenclature.Alarms) with { Silenced = silenced };
        }

        foreach (BitRow row in MasimoNomenclature.ExceptionBits.Where(row => (exceptions & row.Bit) != 0))
        {
            yield return AlertOf(row, MasimoNomenclature.Exceptions);
        }
    }

    private static Alert AlertOf(BitRow row, string field) => new()
    {
        Key = $"{System}:{field}:{row.Bit:X}",
        Phase = AlertPhase.Start,
        Priority = row.Priority,
        Technical = row.Technical,
        Text = row.Text,
        CodeName = $"{System}:{field}:0x{row.Bit:X}",
        Source = row.Source,
    };
}
