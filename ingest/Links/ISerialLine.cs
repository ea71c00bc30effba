using Bedside.Ingest.Drivers;

namespace Bedside.Ingest.Links;

/// <summary>What the driver of a serial port counted since it was loaded; only differences mean anything.</summary>
/// <param name="Framing">Characters without a stop bit: the speed is wrong, or there is noise.</param>
/// <param name="Parity">Characters with the wrong parity.</param>
/// <param name="Overrun">Characters lost because nobody fetched them in time.</param>
/// <param name="Break">The line was held low: the cable is half out, or the device is off.</param>
public readonly record struct LineErrors(int Framing, int Parity, int Overrun, int Break)
{
    /// <summary>What tells that the settings are not the device's.</summary>
    public int Wrong => Framing + Parity + Break;

    public static LineErrors operator -(LineErrors after, LineErrors before) =>
        new(after.Framing - before.Framing, after.Parity - before.Parity, after.Overrun - before.Overrun, after.Break - before.Break);
}

/// <summary>A link that has line settings, so that the right ones can be looked for without closing it.</summary>
public interface ISerialLine : ILink
{
    /// <summary>Changes the settings and forgets what came in under the old ones. Throws <see cref="IOException"/> when the port cannot do them.</summary>
    void Tune(LineSettings line);

    /// <summary>Null when the port does not count (a virtual one, some adapters).</summary>
    LineErrors? Errors { get; }

    /// <summary>Whether the device says, on the modem lines, that it is there (CTS, DSR or DCD); null where the port has no such lines.</summary>
    bool? DeviceRaisesALine => null;
}
