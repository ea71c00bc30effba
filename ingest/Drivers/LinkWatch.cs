using Bedside.Model;

namespace Bedside.Ingest.Drivers;

/// <summary>Whether a device that speaks by itself is heard, told when it changes.</summary>
internal sealed class LinkWatch(long silenceNanoseconds)
{
    private MonotonicInstant _heardAt;

    public bool IsReceiving { get; private set; }

    /// <summary>A good message came.</summary>
    public void Hear(MonotonicInstant at, IDriverOutput output)
    {
        _heardAt = at;
        if (!IsReceiving)
        {
            IsReceiving = true;
            output.Report(new DeviceEvent.Link(Receiving: true, "the device speaks"));
        }
    }

    /// <summary>Time passed; true when the device has just been given up.</summary>
    public bool Elapse(MonotonicInstant now, IDriverOutput output)
    {
        if (!IsReceiving || now.Since(_heardAt) < silenceNanoseconds)
        {
            return false;
        }

        IsReceiving = false;
        output.Report(new DeviceEvent.Link(Receiving: false, "no message of the device is heard"));
        return true;
    }
}
