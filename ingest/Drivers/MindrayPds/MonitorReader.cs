using System.Collections.Immutable;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>What the messages of one monitor say: values, waves, alarms, who lies there.</summary>
internal sealed class MonitorReader(MonitorUnits units)
{
    private const string System = "mindray-pds";
    private const string FlagRow = "204";
    private const double NotAvailable = -100;
    private const int MostTimes = 256;

    private static readonly TimeSpan EverySecond = TimeSpan.FromSeconds(1);

    private readonly Readout _readout = new(System);
    private readonly StandingAlerts _physiological = new();
    private readonly StandingAlerts _technical = new();
    private readonly WaveTimeline _timeline = new();
    private readonly Dictionary<string, string> _measured = new(StringComparer.Ordinal);
    private DeviceIdentity? _identity;

    public static DeviceIdentity IdentityOf(Announcement said) => new()
    {
        Manufacturer = "Mindray",
        Model = "monitor",
        Protocol = "Patient Data Share, HL7 2.3.1",
        Properties = ImmutableSortedDictionary<string, string>.Empty.Add("department", said.Department).Add("bed", said.Bed).Add("model", "not told by the protocol"),
    };

    /// <summary>The connection was lost: what comes next is on a new count of seconds.</summary>
    public void Restart(IDriverOutput output)
    {
        _timeline.Restart();
        output.Report(new DeviceEvent.ClockRestarted("the monitor was not heard"));
    }

    public void Take(MonitorMessage message, MonotonicInstant now, long offset, IDriverOutput output)
    {
        Introduce(message, output);
        switch (message.Class)
        {
            case MessageClass.Patient:
                TakePatient(message, output);
                break;
            case MessageClass.Periodic:
            case MessageClass.Status:
            case MessageClass.Aperiodic:
                foreach (Segment row in message.Named("OBX"))
                {
                    TakeRow(row, offset, output);
                }

                break;
            case MessageClass.PhysiologicalAlarms:
                _physiological.Take(Alerts(message, technical: false), at: null, output);
                break;
            case MessageClass.TechnicalAlarms:
                _technical.Take(Alerts(message, technical: true), at: null, output);
                break;
            case MessageClass.Waves:
                TakeWaves(message, now, offset, output);
                break;
        }
    }

    private void Introduce(MonitorMessage message, IDriverOutput output)
    {
        bool tells = message.Named("PV1").Any();
        if (_identity is not null && !tells)
        {
            return;
        }

        DeviceIdentity identity = IdentityOf(Announcement.Of(message));
        if (_identity?.Properties.SequenceEqual(identity.Properties) != true)
        {
            _identity = identity;
            output.Report(new DeviceEvent.Identity(identity));
        }
    }

    private static void TakePatient(MonitorMessage message, IDriverOutput output)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (message.Named("PID").FirstOrDefault() is { } person)
        {
            Add("id", person.Field(3));
            Add("name", person.Field(5).Replace('^', ' ').Trim());
            Add("birth", person.Field(7));
            Add("sex", person.Field(8));
        }

        foreach (Segment row in message.Named("OBX"))
        {
            string number = row.Component(3, 0);
            Add(number switch { "51" => "weight", "52" => "height", "2301" => "record-number", "2302" => "blood-type", "2303" => "paced", "2308" => "bed", _ => $"obx-{number}" }, ValueOf(row));
        }

        if (fields.Count > 0)
        {
            output.Report(new DeviceEvent.Patient(fields.ToImmutableSortedDictionary(StringComparer.Ordinal)));
        }

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                fields[name] = value;
            }
        }
    }

    /// <summary>
    /// <c>OBX||NM|id^name|module|value||||||F||APERIODIC|time</c>: a number with its module, and of a measurement that was made once, when that was.
    /// </summary>
    private void TakeRow(Segment row, long offset, IDriverOutput output)
    {
        string number = row.Component(3, 0);
        string text = ValueOf(row);
        if (row.Field(2) == "CE")
        {
            // 205: OBX||CE|2037^|id|n^ says how the parameter of that number stands.
            Say($"{number}:{row.Field(4)}", "status", row.Component(5, 0), output);
            return;
        }

        if (row.Field(2) != "NM" || number.Length == 0)
        {
            Say(number.Length == 0 ? "0" : number, row.Component(3, 1), text, output);
            return;
        }

        if (!Fixed.TryParse(text, out Fixed value))
        {
            if (text.Length > 0)
            {
                output.Report(new DeviceEvent.Fault($"the value of {number} is no number: '{text}'", offset));
                return;
            }

            value = new Fixed((long)NotAvailable, 0);
        }

        bool aperiodic = row.Field(13) == "APERIODIC";
        string when = row.Field(14);
        if (aperiodic && !IsNew(number, $"{when}/{text}"))
        {
            return;
        }

        Metric metric = MetricOf(row, number) with { ExpectedEvery = aperiodic ? null : EverySecond };
        Fixed? shown = value.ToDouble() == NotAvailable ? null : value;
        Tell(metric, shown, aperiodic ? TimeOf(when) : null, output);
    }

    private void Tell(Metric metric, Fixed? value, DateTime? measuredAt, IDriverOutput output)
    {
        if (measuredAt is null)
        {
            _readout.Number(metric, value, at: null, output);
        }
        else if (_readout.Describe(metric, output))
        {
            output.Report(new DeviceEvent.Numeric(metric, value)
            {
                MeasuredAt = measuredAt,
                Validity = value is null ? Validity.NotAvailable : Validity.Valid,
            });
        }
    }

    private Metric MetricOf(Segment row, string number)
    {
        string name = row.Component(3, 1);
        NumberRow? known = MindrayNomenclature.Parameter(number);
        string unit = known?.Chosen switch
        {
            ChosenUnit.Pressure => units.Pressure,
            ChosenUnit.Temperature => units.Temperature,
            _ => known?.Unit ?? string.Empty,
        };
        string id = known?.Id ?? _readout.RawId(number, name.Length > 0 ? name : "unknown");
        return _readout.Metric(id, SignalKind.Numeric, $"{number}@{row.Field(4)}", unit, name.Length > 0 ? name : number) with { Channel = known?.Channel ?? string.Empty };
    }

    private bool IsNew(string number, string measurement)
    {
        if (_measured.GetValueOrDefault(number) == measurement || _measured.Count >= MostTimes)
        {
            return false;
        }

        _measured[number] = measurement;
        return true;
    }

    private void Say(string code, string name, string text, IDriverOutput output) =>
        _readout.Text(_readout.Metric(_readout.RawId(code, name.Length > 0 ? name : "text"), SignalKind.Text, code, string.Empty, name), text, at: null, output);

    /// <summary><c>OBX||CE|2|1|10076^**T1 Too Low||||||F|||20200418190201|</c>: asterisks are the priority. Rows 2040 and 2041 are flags and no alarms.</summary>
    private static IEnumerable<Alert> Alerts(MonitorMessage message, bool technical)
    {
        foreach (Segment row in message.Named("OBX"))
        {
            string code = row.Component(5, 0);
            string text = row.Component(5, 1);
            if (text.Length == 0 || row.Component(3, 0).StartsWith(FlagRow, StringComparison.Ordinal))
            {
                continue;
            }

            int marks = text.Length - text.TrimStart('*').Length;
            yield return new Alert
            {
                Key = $"{System}:{message.Class}:{code}",
                Phase = AlertPhase.Start,
                Priority = marks switch { >= 3 => AlertPriority.High, 2 => AlertPriority.Medium, 1 => AlertPriority.Low, _ => technical ? AlertPriority.Low : AlertPriority.None },
                Technical = technical,
                Text = text.TrimStart('*').Trim(),
                CodeName = $"{System}:{row.Component(3, 0)}:{code}",
                Source = string.Empty,
            };
        }
    }

    private void TakeWaves(MonitorMessage message, MonotonicInstant now, long offset, IDriverOutput output)
    {
        _timeline.Begin(now);
        foreach (ReadOnlyMemory<byte> segment in message.Waves)
        {
            if (WaveRecord.Read(segment.Span, out string reason) is not { } wave)
            {
                output.Report(new DeviceEvent.Fault(reason, offset));
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
                continue;
            }

            NumberRow? row = MindrayNomenclature.Wave(wave.Channel);
            string number = wave.Channel.ToString(CultureInfo.InvariantCulture);
            string id = row is { Id.Length: > 0 } ? row.Id : _readout.RawId(number, "wave");
            Metric metric = _readout.Metric(id, SignalKind.Waveform, $"wave:{number}", row?.Unit ?? string.Empty, number) with
            {
                Channel = row?.Channel ?? string.Empty,
                DisplayMin = wave.Width == 1 ? 0 : null,
                DisplayMax = wave.Width == 1 ? byte.MaxValue : null,
            };
            long start = _timeline.Place(wave.Channel, out long missing);
            if (missing > 0)
            {
                output.Report(new DeviceEvent.Missing(metric, GapCause.SignalOff, missing / WaveTimeline.Second * wave.Rate) { At = new DeviceTicks((ulong)(start - missing)) });
            }

            _readout.Samples(
                new DeviceEvent.Samples(metric, SamplePeriod.FromHertz(wave.Rate), wave.Samples) { Scale = null, At = new DeviceTicks((ulong)start) },
                output);
        }
    }

    private static string ValueOf(Segment row) => row.Field(5).TrimEnd('^').Trim();

    private static DateTime? TimeOf(string digits) =>
        DateTime.TryParseExact(digits, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) ? time : null;
}
