using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Bedside.Model;

/// <summary>
/// A patient in the bed, from–to, under a name that says nothing of them: 16 random bytes. It stands in the clear in the
/// head of every file of the stay and in the file of keys; whose it is stands elsewhere.
/// </summary>
public readonly record struct StayId(UInt128 Value)
{
    public const int Bytes = 16;

    /// <summary>No stay.</summary>
    public static readonly StayId None;

    /// <summary>A random one.</summary>
    public static StayId New()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return new StayId(Read(bytes).Value | 1);
    }

    /// <summary>Reads 32 hexadecimal digits, with or without hyphens; all zeros is no stay.</summary>
    public static bool TryParse(string text, out StayId stay)
    {
        string digits = text.Replace("-", string.Empty, StringComparison.Ordinal);
        UInt128 value = 0;
        bool read = digits.Length == 2 * Bytes && UInt128.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        stay = new StayId(value);
        return read && value != 0;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    public static StayId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128LittleEndian(bytes));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128LittleEndian(destination, Value);
}
