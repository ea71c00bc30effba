using System.Numerics;

namespace Bedside.Simulators.Transports;

/// <summary>
/// What one end of a line makes of the other's bytes when the two are set differently: the level of the line bit by bit, looked at in the
/// middle of where the receiver believes each bit to be. Time is counted in parts that both bits are a whole number of.
/// </summary>
internal sealed class Uart
{
    private readonly LineFormat _speaker;
    private readonly LineFormat _listener;
    private readonly long _speakersBit;
    private readonly long _listenersBit;

    public Uart(LineFormat speaker, LineFormat listener)
    {
        (_speaker, _listener) = (speaker, listener);
        _speakersBit = 2L * listener.Baud;
        _listenersBit = 2L * speaker.Baud;
    }

    /// <summary>Characters without a stop bit, or with the wrong parity, since the beginning.</summary>
    public int Errors { get; private set; }

    /// <summary>
    /// What is heard of bytes that follow each other without a pause on a line that is idle before and after. A listener that checks the parity reads a wrong character
    /// as 0, one that does not reads it as it came: both as a terminal of Linux does.
    /// </summary>
    public byte[] Hear(ReadOnlySpan<byte> said)
    {
        if (_speaker.Baud == _listener.Baud && _speaker.DataBits == _listener.DataBits && _speaker.Parity == _listener.Parity)
        {
            return said.ToArray();
        }

        var heard = new List<byte>(said.Length);
        long end = said.Length * _speaker.BitsPerByte * _speakersBit;
        long at = NextLow(said, 0);
        while (at < end)
        {
            at = Character(said, at, heard);
        }

        return [.. heard];
    }

    /// <summary>Takes the character whose start bit begins here, and says where the next one begins.</summary>
    private long Character(ReadOnlySpan<byte> said, long start, List<byte> heard)
    {
        if (Level(said, start + (_listenersBit / 2)))
        {
            return NextLow(said, start + (_listenersBit / 2)); // too short for a start bit
        }

        long sample = start + (_listenersBit * 3 / 2);
        int value = 0;
        for (int bit = 0; bit < _listener.DataBits; bit++, sample += _listenersBit)
        {
            value |= Level(said, sample) ? 1 << bit : 0;
        }

        bool wrong = false;
        if (_listener.Parity is not Parity.None)
        {
            wrong = Level(said, sample) != ParityOf(value, _listener.Parity);
            sample += _listenersBit;
        }

        bool stops = Level(said, sample);
        wrong |= !stops;
        Errors += wrong ? 1 : 0;
        heard.Add(wrong && _listener.Parity is not Parity.None ? (byte)0 : (byte)value);
        if (stops)
        {
            return NextLow(said, sample);
        }

        // What should have been a stop bit is taken for the next start bit; after nothing but low, the line must rise first.
        return value == 0 ? NextLow(said, NextHigh(said, sample)) : sample - (_listenersBit / 2);
    }

    private long NextLow(ReadOnlySpan<byte> said, long from) => Next(said, from, level: false);

    private long NextHigh(ReadOnlySpan<byte> said, long from) => Next(said, from, level: true);

    private long Next(ReadOnlySpan<byte> said, long from, bool level)
    {
        long end = said.Length * _speaker.BitsPerByte * _speakersBit;
        long at = from;
        while (at < end && Level(said, at) != level)
        {
            at = ((at / _speakersBit) + 1) * _speakersBit;
        }

        return at;
    }

    /// <summary>True = high, which is also how an idle line is.</summary>
    private bool Level(ReadOnlySpan<byte> said, long at)
    {
        long bit = at / _speakersBit;
        long index = bit / _speaker.BitsPerByte;
        int place = (int)(bit % _speaker.BitsPerByte);
        if (index >= said.Length || place > _speaker.DataBits + (_speaker.Parity is Parity.None ? 0 : 1))
        {
            return true;
        }

        int value = said[(int)index] & ((1 << _speaker.DataBits) - 1);
        return place > 0 && (place <= _speaker.DataBits ? ((value >> (place - 1)) & 1) != 0 : ParityOf(value, _speaker.Parity));
    }

    private static bool ParityOf(int value, Parity parity) => (BitOperations.PopCount((uint)value) % 2 != 0) == (parity is Parity.Even);
}
