using System.Globalization;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.GeDatexDri;

/// <summary>One conversation over the S/5 Computer Interface: bytes to records, records to events, and our side of the talk.</summary>
internal sealed class GeDatexDriSession : IDriverSession
{
    private const int UsualSpeed = 19_200;

    /// <summary>Displayed values come every five or ten seconds; none for this long means that the monitor is gone.</summary>
    private const long Silence = 30_000_000_000;

    /// <summary>A monitor that leaves waves out without a word has had time to send them.</summary>
    private const long WavesSettled = 5_000_000_000;

    /// <summary>Seconds of the wall clock between two tellings of it.</summary>
    private const uint ClockEvery = 5;

    private readonly Deframer _monitor = new();
    private readonly Deframer _client = new();
    private readonly RecordNumbers _numbers = new();
    private readonly WaveStreams _waves = new();
    private readonly AlarmLines _alarms = new();
    private readonly Readings _displayed = new(string.Empty);
    private readonly Readings _trend10 = new("trend-10s") { Every = TimeSpan.FromSeconds(10) };
    private readonly Readings _trend60 = new("trend-60s") { Every = TimeSpan.FromSeconds(60) };
    private readonly HashSet<short> _saidUnknown = [];

    /// <summary>Null when we only listen.</summary>
    private readonly Conversation? _conversation;
    private DeviceIdentity? _device;
    private MonotonicInstant? _heardAt;
    private MonotonicInstant? _wavesAskedAt;
    private uint _clockTold;
    private int? _marker;
    private string? _missingWaves;
    private bool _isReceiving;

    public GeDatexDriSession(SessionOptions options)
    {
        if (!options.ListenOnly)
        {
            _conversation = new Conversation(options.Line?.BitsPerSecond ?? UsualSpeed);
            _displayed.Every = TimeSpan.FromSeconds(Outgoing.DisplayedEvery);
        }
    }

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            Overhear(chunk.Bytes.Span);
            return;
        }

        MonotonicInstant now = chunk.ArrivedAt;
        if (_isReceiving && _heardAt is MonotonicInstant heard && now.Since(heard) > Silence)
        {
            _isReceiving = false;
            _waves.End(output, "the monitor is silent");
            output.Report(new DeviceEvent.Link(Receiving: false, "the monitor is silent"));
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            Handle(_monitor.Take(value), now, output);
        }

        TellMissingWaves(now, output);
        _conversation?.Advance(now, output);
        if (_conversation?.WavesAskedAt is MonotonicInstant asked && asked != _wavesAskedAt)
        {
            _wavesAskedAt = asked;
            _waves.Expect();
        }
    }

    public void Stop(IDriverOutput output)
    {
        _conversation?.Leave(output);
        _waves.End(output, "the conversation ended");
    }

    private void Handle(Part part, MonotonicInstant now, IDriverOutput output)
    {
        switch (part)
        {
            case Part.Record:
                if (DriRecord.Read(_monitor.Body, out string reason) is DriRecord record)
                {
                    Take(record, now, output);
                }
                else
                {
                    output.Report(new DeviceEvent.Fault(reason, _monitor.Start));
                }

                break;
            case Part.Corrupt:
                _numbers.Damaged();
                output.Report(new DeviceEvent.Fault(_monitor.Reason, _monitor.Start));
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
                break;
            case Part.Noise:
                output.Report(new DeviceEvent.Fault(_monitor.Reason, _monitor.Start));
                break;
        }
    }

    private void Take(DriRecord record, MonotonicInstant now, IDriverOutput output)
    {
        if (record.IsRequest)
        {
            // Both directions of the line come in here: the other client's requests have no values.
            Expect(record);
            return;
        }

        int? lost = _numbers.Follow(record.Number, _monitor.Body.Span, now, out int unheard);
        if (lost is null)
        {
            return;
        }

        if (lost > 0)
        {
            output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, lost.Value));
        }

        _heardAt = now;
        Meet(record, output);
        TellClock(record.Time, output);
        switch (record.MainType)
        {
            case MainType.Physiological:
                TakeValues(record, now, output);
                break;
            case MainType.Wave:
                _waves.Take(record, unheard, now, _monitor.Start, output);
                _conversation?.Waved(now);
                break;
            case MainType.Alarm:
                TakeAlarms(record, output);
                break;
            case MainType.Network:
                TakeNetwork(record, output);
                break;
            default:
                SayUnknown((short)record.MainType, $"records of main type {(short)record.MainType} are not documented and are left out", output);
                break;
        }
    }

    /// <summary>The monitor does not say what it is: its interface level and the number of its plug are all that is known.</summary>
    private void Meet(DriRecord record, IDriverOutput output)
    {
        string level = record.Level.ToString(CultureInfo.InvariantCulture);
        string plug = record.Plug.ToString(CultureInfo.InvariantCulture);
        if (_device is null || _device.Properties["dri-level"] != level || _device.Properties["plug-id"] != plug)
        {
            if (_device is not null)
            {
                _displayed.Forget(output);
                _trend10.Forget(output);
                _trend60.Forget(output);
                _alarms.EndAll(output);
                _waves.End(output, "another monitor is on the line");
            }

            var device = new DeviceIdentity { Manufacturer = "GE", Model = "S/5 Computer Interface", Protocol = $"DRI level {level}{EditionOf(record.Level)}" };
            _device = device with { Properties = device.Properties.Add("dri-level", level).Add("plug-id", plug) };
            output.Report(new DeviceEvent.Identity(_device));
        }

        if (!_isReceiving)
        {
            _isReceiving = true;
            output.Report(new DeviceEvent.Link(Receiving: true, "the monitor answers"));
        }
    }

    /// <summary>The level's year in the vendor's papers (sheet 5).</summary>
    private static string EditionOf(int level)
    {
        string[] years = ["'95", "'97", "'98", "'99", "'01", "'02", "'03", "'05", "'09", "'15"];
        return level >= 2 && level - 2 < years.Length ? $" ({years[level - 2]})" : string.Empty;
    }

    private void TellClock(uint seconds, IDriverOutput output)
    {
        if ((seconds < _clockTold || seconds - _clockTold >= ClockEvery) && DriTime.Read(seconds) is DateTime wall)
        {
            _clockTold = seconds;
            output.Report(new DeviceEvent.WallClock(wall, At: null));
        }
    }

    private void TakeValues(DriRecord record, MonotonicInstant now, IDriverOutput output)
    {
        Modules modules = Modules.None;
        bool isDisplayed = false;
        foreach (Subrecord subrecord in record.Subrecords)
        {
            switch (subrecord.Type)
            {
                case SubrecordType.Displayed:
                    isDisplayed = true;
                    modules |= TakeClass(subrecord, record.Level, _displayed, output);
                    break;
                case SubrecordType.Trend10Seconds:
                    TakeClass(subrecord, record.Level, _trend10, output);
                    break;
                case SubrecordType.Trend60Seconds:
                    TakeClass(subrecord, record.Level, _trend60, output);
                    break;
                case SubrecordType.Auxiliary when AuxiliaryTimes.Read(subrecord.Bytes.Span) is AuxiliaryTimes times:
                    _displayed.Measured("cuff", DriTime.Read(times.Cuff));
                    _displayed.Measured("output", DriTime.Read(times.CardiacOutput));
                    _displayed.Measured("wedge", DriTime.Read(times.Wedge));
                    _conversation?.Timed();
                    break;
                default:
                    SayUnknown((short)(0x100 | subrecord.Type), $"values of subrecord type {subrecord.Type} are not documented and are left out", output);
                    break;
            }
        }

        if (isDisplayed)
        {
            _conversation?.Displayed(record.Level, modules, now);
        }
    }

    private Modules TakeClass(Subrecord subrecord, int level, Readings readings, IDriverOutput output)
    {
        if (ClassHeader.Read(subrecord.Bytes.Span) is not ClassHeader header)
        {
            output.Report(new DeviceEvent.Fault($"values of type {subrecord.Type} have {subrecord.Bytes.Length} bytes of {ClassHeader.Bytes}", _monitor.Start));
            return Modules.None;
        }

        if (DatexNomenclature.Groups(header.Class).IsEmpty)
        {
            SayUnknown((short)(0x200 | header.Class), $"values of class {header.Class} are not documented and are left out", output);
            return Modules.None;
        }

        ClassContent content = ClassDecoder.Decode(subrecord.Bytes.Span, header.Class, level, readings != _displayed);
        readings.Take(content, output);
        if (readings == _displayed)
        {
            TellMarker(header.Marker, output);
            _waves.Leads = content.Leads ?? _waves.Leads;
            foreach ((string group, ushort site) in content.Sites)
            {
                _waves.Sites[group] = site;
            }
        }

        return content.Modules;
    }

    /// <summary>Someone pressed the mark button: the number of the latest mark went on.</summary>
    private void TellMarker(byte marker, IDriverOutput output)
    {
        if (_marker is int before && before != marker)
        {
            Metric metric = DatexNomenclature.Metric("evt-bookmark", SignalKind.Text, "marker", "mark");
            output.Report(new DeviceEvent.Descriptor(metric));
            output.Report(new DeviceEvent.Text(metric, string.Create(CultureInfo.InvariantCulture, $"mark {marker}")) { Code = marker });
        }

        _marker = marker;
    }

    private void TakeAlarms(DriRecord record, IDriverOutput output)
    {
        foreach (Subrecord subrecord in record.Subrecords)
        {
            if (subrecord.Type == SubrecordType.AlarmStatus && AlarmStatus.Read(subrecord.Bytes.Span) is AlarmStatus status)
            {
                _conversation?.Alarmed();
                _alarms.Take(status, output);
            }
            else
            {
                output.Report(new DeviceEvent.Fault($"an alarm record of type {subrecord.Type} has {subrecord.Bytes.Length} bytes", _monitor.Start));
            }
        }
    }

    private void TakeNetwork(DriRecord record, IDriverOutput output)
    {
        foreach (Subrecord subrecord in record.Subrecords)
        {
            if (subrecord.Type == NetworkRecords.Patient && NetworkRecords.ReadPatient(subrecord.Bytes.Span) is { } patient)
            {
                output.Report(new DeviceEvent.Patient(patient));
            }
            else if (subrecord.Type == NetworkRecords.Login && NetworkRecords.ReadLogin(subrecord.Bytes.Span) is string model && _device is not null && _device.Model != model)
            {
                _device = _device with { Model = model };
                output.Report(new DeviceEvent.Identity(_device));
            }
        }
    }

    /// <summary>Once for each kind.</summary>
    private void SayUnknown(short kind, string reason, IDriverOutput output)
    {
        const int MostKinds = 64;
        if (_saidUnknown.Count < MostKinds && _saidUnknown.Add(kind))
        {
            output.Report(new DeviceEvent.Fault(reason, _monitor.Start));
        }
    }

    /// <summary>A monitor drops waves beyond its limit without a word (sheet 13, trap 12): which ones is told when they stay away.</summary>
    private void TellMissingWaves(MonotonicInstant now, IDriverOutput output)
    {
        if (_conversation is not { Waves: { } asked, WavesAskedAt: MonotonicInstant at } || _waves.LastAt is not MonotonicInstant last
            || last.Since(at) < WavesSettled || now.Since(last) > WavesSettled)
        {
            return;
        }

        string missing = string.Join(", ", asked.Where(wave => !_waves.Seen.Contains(wave)).Select(wave => WaveTable.Of(wave)?.Name));
        if (missing == (_missingWaves ?? string.Empty))
        {
            return;
        }

        Metric metric = DatexNomenclature.Metric(string.Empty, SignalKind.Text, "wave.not-sent", "not sent") with { Label = "waves not sent" };
        if (_missingWaves is null)
        {
            output.Report(new DeviceEvent.Descriptor(metric));
        }

        _missingWaves = missing;
        output.Report(new DeviceEvent.Text(metric, missing));
    }

    /// <summary>The other side of a tapped line: how often values are due stands in the request alone.</summary>
    private void Overhear(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (_client.Take(value) == Part.Record && DriRecord.Read(_client.Body, out _) is { IsRequest: true } request)
            {
                Expect(request);
            }
        }
    }

    private void Expect(DriRecord request)
    {
        if (_conversation is null && request.MainType == MainType.Physiological && Request.ReadInterval(request.Subrecords[0].Bytes.Span) is int seconds)
        {
            _displayed.Every = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
        }
    }
}
