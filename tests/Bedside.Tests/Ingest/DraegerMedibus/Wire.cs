using System.Globalization;
using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>Bytes of MEDIBUS, made without the driver's own code.</summary>
internal static class Wire
{
    public const long Millisecond = 1_000_000;

    public static readonly DraegerMedibusDriver Driver = new();

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal).Replace("|", string.Empty, StringComparison.Ordinal));

    public static byte[] Command(int code, string argument = "") => Framed(0x1B, code, argument);

    public static byte[] Response(int code, string payload = "") => Framed(0x01, code, payload);

    public static IDriverSession Session(bool listenOnly = false, LineSettings? line = null) =>
        Driver.Open(new SessionOptions(Transport.Serial, listenOnly) { Line = line });

    public static Chunk From(long milliseconds, params byte[] bytes) => new(new MonotonicInstant(milliseconds * Millisecond), bytes);

    public static Chunk To(long milliseconds, params byte[] bytes) =>
        new(new MonotonicInstant(milliseconds * Millisecond), bytes, ChunkDirection.ToDevice);

    /// <summary>What a listening session makes of the bytes, all at one time.</summary>
    public static Ear Heard(params byte[][] chunks) => Ear.Hears(Driver, Transport.Serial, chunks);

    private static byte[] Framed(byte start, int code, string body)
    {
        List<byte> bytes = [start, (byte)code, .. Encoding.Latin1.GetBytes(body)];
        int sum = bytes.Sum(value => value) % 256;
        bytes.AddRange(Encoding.ASCII.GetBytes(sum.ToString("X2", CultureInfo.InvariantCulture)));
        bytes.Add(0x0D);
        return [.. bytes];
    }
}
