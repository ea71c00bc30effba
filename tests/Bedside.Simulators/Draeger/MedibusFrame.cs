using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Draeger;

/// <summary>
/// Frames of the MEDIBUS slow protocol, from the device's side.
/// <code>
/// command   1B code [argument ≤ 251] H L 0D
/// response  01 echo [payload]        H L 0D
/// </code>
/// H L: sum of all bytes before them modulo 256, two upper-case hexadecimal digits.
/// </summary>
public static class MedibusFrame
{
    public const byte Escape = 0x1B;
    public const byte StartOfHeading = 0x01;
    public const byte CarriageReturn = 0x0D;
    public const byte EndOfText = 0x03;
    public const byte NotAcknowledged = 0x15;
    public const byte Cancel = 0x18;

    /// <summary>DC1: the other side shall stop sending at once. The reverse of XON.</summary>
    public const byte Suspend = 0x11;

    /// <summary>DC3: the other side may go on.</summary>
    public const byte Resume = 0x13;

    /// <summary>From here up a byte belongs to the realtime stream, wherever it stands.</summary>
    public const byte FirstRealtime = 0x80;

    private const int Trailer = 3;

    public static byte[] Command(byte code, ReadOnlySpan<byte> argument = default) => Frame(Escape, code, argument);

    public static byte[] Response(byte echo, ReadOnlySpan<byte> payload = default) => Frame(StartOfHeading, echo, payload);

    public static byte[] Response(byte echo, string payload) => Response(echo, Encoding.Latin1.GetBytes(payload));

    /// <summary>Puts a command into a response before its byte <paramref name="offset"/>; the checksums do not know of each other.</summary>
    public static byte[] Embed(byte[] response, byte[] command, int offset) => [.. response[..offset], .. command, .. response[offset..]];

    /// <summary>The body (code and argument) of a frame without its CR; false where the checksum is wrong or the frame too short.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> frame, out byte[] body)
    {
        body = [];
        if (frame.Length < Trailer + 1)
        {
            return false;
        }

        ReadOnlySpan<byte> summed = frame[..^2];
        if (!frame[^2..].SequenceEqual(Checksum(summed)))
        {
            return false;
        }

        body = summed[1..].ToArray();
        return true;
    }

    private static byte[] Frame(byte start, byte code, ReadOnlySpan<byte> rest)
    {
        byte[] summed = [start, code, .. rest];
        return [.. summed, .. Checksum(summed), CarriageReturn];
    }

    private static byte[] Checksum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte one in bytes)
        {
            sum += one;
        }

        return Encoding.ASCII.GetBytes((sum & 0xFF).ToString("X2", CultureInfo.InvariantCulture));
    }
}

/// <summary>What the host's bytes turned out to be.</summary>
public enum HostSaid
{
    Command,
    CorruptCommand,
    Response,
    CorruptResponse,
    Realtime,
    Suspend,
    Resume,
    Cancel,
    Noise,
}

/// <summary>One thing the host said; <paramref name="Body"/> is code or echo and what follows, or the realtime byte.</summary>
public readonly record struct HostMessage(HostSaid Kind, byte[] Body)
{
    public byte Code => Body.Length > 0 ? Body[0] : (byte)0;

    public ReadOnlySpan<byte> Rest => Body.AsSpan(Math.Min(1, Body.Length));
}

/// <summary>
/// Takes the host's bytes apart. A command may stand inside a response, and realtime bytes anywhere: so there are two
/// frames open at a time, and bytes from 80H up pass them by.
/// </summary>
public sealed class MedibusReceiver
{
    private const int LongestCommand = 256;
    private const int LongestResponse = 3845;

    private readonly List<byte> _command = [];
    private readonly List<byte> _response = [];

    public IEnumerable<HostMessage> Take(byte[] bytes)
    {
        foreach (byte one in bytes)
        {
            if (TakeOne(one) is HostMessage message)
            {
                yield return message;
            }
        }
    }

    /// <summary>Forgets half a frame.</summary>
    public void Reset()
    {
        _command.Clear();
        _response.Clear();
    }

    private HostMessage? TakeOne(byte one)
    {
        switch (one)
        {
            case >= MedibusFrame.FirstRealtime:
                return new HostMessage(HostSaid.Realtime, [one]);
            case MedibusFrame.Suspend:
                return new HostMessage(HostSaid.Suspend, []);
            case MedibusFrame.Resume:
                return new HostMessage(HostSaid.Resume, []);
            case MedibusFrame.Cancel:
                Reset();
                return new HostMessage(HostSaid.Cancel, []);
            case MedibusFrame.Escape:
                _command.Clear();
                _command.Add(one);
                return null;
            case MedibusFrame.StartOfHeading:
                _response.Clear();
                _response.Add(one);
                return null;
            case MedibusFrame.CarriageReturn:
                return Close();
            default:
                return Append(one);
        }
    }

    private HostMessage? Append(byte one)
    {
        List<byte> open = _command.Count > 0 ? _command : _response;
        if (open.Count == 0)
        {
            return new HostMessage(HostSaid.Noise, [one]);
        }

        open.Add(one);
        if (open.Count <= (open == _command ? LongestCommand : LongestResponse))
        {
            return null;
        }

        open.Clear();
        return new HostMessage(HostSaid.Noise, [one]);
    }

    private HostMessage Close()
    {
        bool command = _command.Count > 0;
        List<byte> open = command ? _command : _response;
        if (open.Count == 0)
        {
            return new HostMessage(HostSaid.Noise, [MedibusFrame.CarriageReturn]);
        }

        bool whole = MedibusFrame.TryOpen([.. open], out byte[] body);
        open.Clear();
        return (command, whole) switch
        {
            (true, true) => new HostMessage(HostSaid.Command, body),
            (true, false) => new HostMessage(HostSaid.CorruptCommand, []),
            (false, true) => new HostMessage(HostSaid.Response, body),
            (false, false) => new HostMessage(HostSaid.CorruptResponse, []),
        };
    }
}
