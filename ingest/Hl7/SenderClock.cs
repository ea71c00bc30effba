using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>The times of one sender: which clock a message is on, and what time a value has on it.</summary>
internal sealed class SenderClock(TimeZoneInfo zone)
{
    /// <summary>Messages may overtake each other by this much; a clock that was set back stays back.</summary>
    private const long BackNs = 30_000_000_000;

    private const int BackForMessages = 3;

    /// <summary>A value cannot have been measured after its message was sent.</summary>
    private const long AheadNs = 5_000_000_000;

    private UtcInstant? _newest;
    private int _behind;
    private UtcInstant _arrival;
    private Stated? _message;
    private (Hl7Time Time, Stated Stated)? _last;

    /// <summary>A time on the sender's clock.</summary>
    /// <param name="At">UTC by that clock.</param>
    /// <param name="Within">How exactly it was written.</param>
    internal readonly record struct Stated(UtcInstant At, TimeSpan Within)
    {
        public DeviceTicks Ticks => new((ulong)Math.Max(0, At.UnixNanoseconds));
    }

    /// <summary>A message begins: its own time, and the first time in it for senders that leave the header empty.</summary>
    public void Begin(Hl7Message message, UtcInstant arrival, IDriverOutput output)
    {
        (_arrival, _last) = (arrival, null);
        Hl7Time? said = Hl7Time.Read(message.Header.Field(7)) ?? Hl7Time.Read(message.First("OBR"u8).Field(7));
        _message = Of(said);
        if (_message is not { } now || said is not { } wall)
        {
            return;
        }

        if (_newest is { } newest && newest.Since(now.At) > BackNs)
        {
            if (++_behind < BackForMessages)
            {
                return;
            }

            output.Report(new DeviceEvent.ClockRestarted("the sender's clock was set back"));
            _newest = null;
        }

        _behind = 0;
        _newest = _newest is { } before && before > now.At ? before : now.At;
        output.Report(new DeviceEvent.WallClock(wall.Wall, now.Ticks));
    }

    /// <summary>The first of these times that is there and can be: OBX-14, OBR-7, MSH-7; null = only the arrival is known.</summary>
    public Stated? Choose(Hl7Time? observed, Hl7Time? requested)
    {
        return Possible(observed) ?? Possible(requested) ?? _message;
    }

    public Stated? Of(Hl7Time? time)
    {
        if (time is not { } known)
        {
            return null;
        }

        // Most rows of a message have one and the same time, and zones are slow to ask.
        if (_last is not { } last || last.Time != known)
        {
            _last = last = (known, new Stated(known.ToUtc(zone, _arrival), known.Precision));
        }

        return last.Stated;
    }

    private Stated? Possible(Hl7Time? time) =>
        Of(time) is { } stated && (_message is not { } sent || stated.At.Since(sent.At) < AheadNs + (sent.Within.Ticks * 100)) ? stated : null;
}
