using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Detection;

/// <summary>
/// Whether the recognised device is still there. Someone may have plugged another one into the same adapter, or changed its speed: then the
/// line is silent for long, or its bytes make no sense for long.
/// </summary>
internal sealed class Doubt(DriverTraits traits, MonotonicInstant begun)
{
    private const long ShortestPatienceNs = 30_000_000_000;
    private const int SilencesOfPatience = 6;

    private MonotonicInstant _sense = begun;
    private MonotonicInstant _now = begun;

    public bool IsLost => _now.Since(_sense) > PatienceNs;

    private long PatienceNs => Math.Max(ShortestPatienceNs, (long)traits.SilentAfter.TotalNanoseconds * SilencesOfPatience);

    /// <summary>Chunks tell the time, and prove nothing: noise comes in chunks too.</summary>
    public void Hear(Chunk chunk)
    {
        _now = chunk.ArrivedAt;
        _sense = _sense.Since(_now) > 0 ? _now : _sense;
    }

    public void Hear(DeviceEvent said, MonotonicInstant at)
    {
        if (said is not (DeviceEvent.Fault or DeviceEvent.Missing or DeviceEvent.Link { Receiving: false } or DeviceEvent.ClockRestarted))
        {
            _sense = at;
        }
    }
}
