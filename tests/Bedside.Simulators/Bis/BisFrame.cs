using System.Buffers.Binary;

namespace Bedside.Simulators.Bis;

/// <summary>Frames of the BIS monitors' binary output, little-endian.</summary>
public static class BisFrame
{
    public const int Data = 1;
    public const int Acknowledged = 2;
    public const int Refused = 3;

    public static byte[] Of(int number, int type, params ReadOnlySpan<byte> payload)
    {
        byte[] counted = [.. Word(number), .. Word(payload.Length), .. Word(type), .. payload];
        return [0xBA, 0xAB, .. counted, .. Word(counted.Sum(one => one))];
    }

    /// <summary>The payload of a data frame.</summary>
    public static byte[] Message(int code, int number, params ReadOnlySpan<byte> data) => [.. Long(4), .. Long(code), .. Word(number), .. Word(data.Length), .. data];

    public static byte[] Word(int value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] Long(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}

/// <summary>What a host asks, byte by byte.</summary>
public sealed class BisEar
{
    private readonly List<byte> _heard = [];

    /// <summary>Code and first byte of data (0 = none) of a request once it is whole and right; else null.</summary>
    public (int Code, int First)? Hear(byte one)
    {
        _heard.Add(one);
        while (_heard.Count > 0 && !(_heard[0] == 0xBA && (_heard.Count < 2 || _heard[1] == 0xAB)))
        {
            _heard.RemoveAt(0);
        }

        if (_heard.Count < 8 || _heard.Count < WordAt(4) + 10)
        {
            return null;
        }

        byte[] frame = [.. _heard];
        int length = WordAt(4);
        int sum = WordAt(frame.Length - 2);
        bool sound = frame.Skip(2).SkipLast(2).Sum(value => value) % 65_536 == sum && length >= 12 && WordAt(6) == BisFrame.Data && WordAt(18) == length - 12;
        _heard.Clear();
        return sound ? (frame[12], length > 12 ? frame[20] : 0) : null;

        int WordAt(int at) => _heard[at] | (_heard[at + 1] << 8);
    }
}
