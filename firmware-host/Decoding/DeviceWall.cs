using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Host.Decoding;

/// <summary>What the device's own wall clock read at a count of its counter: device time as the device said it, without a zone.</summary>
internal sealed class DeviceWall(DeviceClock clock)
{
    private DateTime _wall;
    private ulong _ticks;
    private bool _anchored;

    public void Anchor(DeviceEvent.WallClock said)
    {
        if (said.At is { } at)
        {
            (_wall, _ticks, _anchored) = (said.Wall, at.Counter, true);
        }
    }

    /// <summary>Null until the device told its time.</summary>
    public DateTime? Of(DeviceTicks? at)
    {
        if (at is not { } ticks || !_anchored)
        {
            return null;
        }

        Int128 difference = (Int128)ticks.Counter - _ticks;
        if (clock.Modulus != 0)
        {
            Int128 modulus = clock.Modulus;
            difference = ((difference % modulus) + modulus) % modulus;
            difference = difference > modulus / 2 ? difference - modulus : difference;
        }

        return _wall.AddTicks((long)(difference * clock.TickNanoseconds / 100));
    }
}
