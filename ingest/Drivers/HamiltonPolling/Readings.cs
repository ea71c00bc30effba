using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>What the replies of one conversation say.</summary>
internal sealed class Readings
{
    private const string System = "hamilton-polling";
    private const long LongestClockReading = 1_500_000_000;
    private const int Century = 2000;

    private static readonly string[] NotAvailable = ["9999", "999.9"];
    private static readonly TimeSpan MeasuredEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettingEvery = TimeSpan.FromSeconds(30);

    private readonly Readout _readout = new(System);
    private readonly int[] _clock = new int[ParameterTable.Years - ParameterTable.Seconds + 1];
    private readonly Dictionary<byte, string> _strangeTexts = [];
    private DeviceIdentity? _identity;
    private MonotonicInstant _clockBegun;
    private int _clockNext = ParameterTable.Years;
    private int? _mode;

    public void Take(Reply reply, MonotonicInstant now, IDriverOutput output)
    {
        DeviceIdentity identity = _identity
            ?? new DeviceIdentity { Manufacturer = "Hamilton Medical", Model = "ventilator (polling protocol)", Protocol = "polling" }.AsExperimental();
        Introduce(reply switch
        {
            { Kind: ReplyKind.Identification } => identity with { Properties = identity.Properties.SetItem("ventilator-number", reply.Text) },
            { Kind: ReplyKind.Version, Id: ParameterTable.SoftwareVersion } => identity with { Firmware = reply.Text },
            { Kind: ReplyKind.Version } => identity with { Properties = identity.Properties.SetItem("language-file-version", reply.Text) },
            _ => identity,
        }, output);
        switch (reply.Kind)
        {
            case ReplyKind.Curves:
                TakeCurves(reply, output);
                break;
            case ReplyKind.Error when ParameterTable.Of(reply.Id) is { } row:
                Withdraw(row, output);
                break;
            case ReplyKind.Value when ParameterTable.Of(reply.Id) is { } row:
                TakeValue(row, reply.Text, now, output);
                break;
        }
    }

    private void Introduce(DeviceIdentity identity, IDriverOutput output)
    {
        if (_identity is { } told && told.Firmware == identity.Firmware && told.Properties.SequenceEqual(identity.Properties))
        {
            return;
        }

        _identity = identity;
        output.Report(new DeviceEvent.Identity(identity));
    }

    private void TakeValue(ParameterRow row, string text, MonotonicInstant now, IDriverOutput output)
    {
        string number = text.TrimEnd('.');
        bool isNumber = Fixed.TryParse(number, out Fixed value);
        if (row.Kind == ParameterKind.Clock)
        {
            TakeClock(row.Id, isNumber ? value : null, now, output);
        }
        else if (row.Kind == ParameterKind.Mode && isNumber)
        {
            TakeMode(row, (int)value.ToDouble(), output);
        }
        else if (isNumber && row.Kind != ParameterKind.Fact)
        {
            bool none = NotAvailable.Contains(number) || !ParameterTable.IsMeant(row.Id, _mode);
            _readout.Number(NumberOf(row), none ? null : value, at: null, output);
        }
        else if (row.Kind == ParameterKind.Fact || (_strangeTexts.TryGetValue(row.Id, out string? before) && before == text))
        {
            _readout.Text(TextOf(row), text, at: null, output);
        }
        else
        {
            // A flipped bit makes a text of a number; what comes twice is the ventilator's.
            _strangeTexts[row.Id] = text;
        }
    }

    private void TakeMode(ParameterRow row, int code, IDriverOutput output)
    {
        _mode = code;
        string name = ParameterTable.ModeOf(code);
        string said = name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"mode {code}");
        Metric metric = _readout.Metric(row.SignalId, SignalKind.Text, row.Id.ToString(CultureInfo.InvariantCulture), string.Empty, row.Name);
        _readout.Text(metric, said, at: null, output, (uint)Math.Max(0, code));
    }

    /// <summary>Year to second follow each other; a minute that ended in between would make them lie.</summary>
    private void TakeClock(byte id, Fixed? part, MonotonicInstant now, IDriverOutput output)
    {
        if (id == ParameterTable.Years)
        {
            (_clockBegun, _clockNext) = (now, id);
        }

        if (id != _clockNext || part is not { } value)
        {
            _clockNext = 0;
            return;
        }

        _clockNext--;
        _clock[id - ParameterTable.Seconds] = (int)value.ToDouble();
        bool whole = id == ParameterTable.Seconds && now.Since(_clockBegun) < LongestClockReading && _clock[0] > LongestClockReading / 1_000_000_000;
        if (whole && Wall() is { } wall)
        {
            output.Report(new DeviceEvent.WallClock(wall, At: null));
        }
    }

    private DateTime? Wall()
    {
        int year = _clock[5] < 100 ? Century + _clock[5] : _clock[5];
        bool sound = year is >= 1900 and < 2200
            && _clock[4] is >= 1 and <= 12
            && _clock[3] >= 1 && _clock[3] <= DateTime.DaysInMonth(year, _clock[4])
            && _clock[2] is >= 0 and < 24
            && _clock[1] is >= 0 and < 60
            && _clock[0] is >= 0 and < 60;
        return sound ? new DateTime(year, _clock[4], _clock[3], _clock[2], _clock[1], _clock[0], DateTimeKind.Unspecified) : null;
    }

    /// <summary>The ventilator no longer has what it had.</summary>
    private void Withdraw(ParameterRow row, IDriverOutput output)
    {
        Metric metric = NumberOf(row);
        if (row.Kind is ParameterKind.Measured or ParameterKind.Setting or ParameterKind.Alarm && _readout.HadValue(metric))
        {
            _readout.Number(metric, value: null, at: null, output);
        }
    }

    /// <summary>Counts without a scale, and without a rate: another host asks for them when it likes.</summary>
    private void TakeCurves(Reply reply, IDriverOutput output)
    {
        string code = reply.Id.ToString(CultureInfo.InvariantCulture);
        string[] names = ParameterTable.CurvesOf(reply.Id);
        for (int i = 0; i < names.Length; i++)
        {
            _readout.Number(_readout.Metric(_readout.RawId(code, names[i]), SignalKind.Numeric, $"{code}:{names[i]}", string.Empty, names[i]), new Fixed(reply.Word(i), 0), at: null, output);
        }

        Metric status = _readout.Metric(_readout.RawId(code, "status"), SignalKind.Text, $"{code}:status", string.Empty, "status");
        _readout.Text(status, reply.Status.ToString("X2", CultureInfo.InvariantCulture), at: null, output, reply.Status);
    }

    private Metric NumberOf(ParameterRow row)
    {
        string code = row.Id.ToString(CultureInfo.InvariantCulture);
        string id = ParameterTable.SignalOf(row, _mode);
        bool setting = row.Kind == ParameterKind.Setting;
        return _readout.Metric(id.Length > 0 ? id : _readout.RawId(code, row.Name), setting ? SignalKind.Setting : SignalKind.Numeric, code, row.Unit, row.Name) with
        {
            ExpectedEvery = setting ? SettingEvery : MeasuredEvery,
        };
    }

    private Metric TextOf(ParameterRow row)
    {
        string code = row.Id.ToString(CultureInfo.InvariantCulture);
        return _readout.Metric(_readout.RawId(code, $"{row.Name} text"), SignalKind.Text, code, string.Empty, row.Name);
    }
}
