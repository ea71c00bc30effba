using System.Buffers.Binary;
using System.Text;

namespace Bedside.Simulators.Capnostream;

/// <summary>Frames of the Capnostream 20: 85, then length, code, payload and their exclusive or, with 80 and 85 escaped.</summary>
public static class CapnostreamFrame
{
    public static byte[] Of(byte code, params ReadOnlySpan<byte> payload)
    {
        var body = new List<byte> { (byte)(1 + payload.Length), code };
        body.AddRange(payload);
        body.Add(body.Aggregate((all, one) => (byte)(all ^ one)));
        return [0x85, .. body.SelectMany(Escaped)];
    }

    /// <summary>A sample of the CO2 wave; the value has 8 bits before and 8 behind the point.</summary>
    public static byte[] Wave(byte sequence, double value, byte status)
    {
        int counts = (int)Math.Clamp(Math.Round(value * 256), 0, ushort.MaxValue);
        return Of(0, sequence, (byte)(counts >> 8), (byte)counts, status);
    }

    public static byte[] Identification(string version, string date, string serial) =>
        Of(4, Encoding.ASCII.GetBytes($"V{version,-5} {date,-10} {serial,-10}  "));

    public static byte[] Numerics(uint localSeconds, ReadOnlySpan<byte> rest)
    {
        Span<byte> time = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(time, localSeconds);
        return Of(1, [.. time, .. rest]);
    }

    private static byte[] Escaped(byte one) => one switch
    {
        0x80 => [0x80, 0x00],
        0x85 => [0x80, 0x05],
        _ => [one],
    };
}

/// <summary>What a host said, byte by byte.</summary>
public sealed class CapnostreamEar
{
    private readonly List<byte> _body = [];
    private bool _open;
    private bool _escaped;

    /// <summary>Code and payload once the byte completes a frame whose checksum is right; else null.</summary>
    public byte[]? Hear(byte one)
    {
        if (one == 0x85)
        {
            (_open, _escaped) = (true, false);
            _body.Clear();
            return null;
        }

        if (!_open || (one == 0x80 && !_escaped))
        {
            _escaped = _open;
            return null;
        }

        _body.Add((byte)(_escaped ? one + 0x80 : one));
        _escaped = false;
        if (_body.Count < _body[0] + 2)
        {
            return null;
        }

        _open = false;
        return _body.Aggregate((all, next) => (byte)(all ^ next)) == 0 && _body[0] > 0 ? [.. _body.Skip(1).SkipLast(1)] : null;
    }
}
