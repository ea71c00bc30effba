using System.Buffers;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// Puritan Bennett 840 and 980 ventilators over RS-232, digital communication interface (DCI): SNDA and SNDF. Written from our sheet of
/// facts, which rests on recorded replies of both; see README.md for what is confirmed. The waveform port is another driver.
/// </summary>
public sealed class PuritanBennett840Driver : IDriver
{
    private static readonly SearchValues<byte> OfSettings = SearchValues.Create("0123456789.-OF"u8);

    private const int FewSniffed = 256;
    private const int ManySniffed = 3072;
    private const int RepliesForYes = 2;

    /// <summary>Type of field, width and comma of so many in a row, after two counts that are right: more than two checksums prove.</summary>
    private const int FieldsForYes = 10;

    public string Name => "puritan-bennett-840";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(9600), new LineSettings(38400), new LineSettings(19200)],
        Outgoing = Outgoing.All,
        Probes = [Outgoing.Probe],
        SilentAfter = TimeSpan.FromSeconds(8),
        Manufacturer = "Puritan Bennett",
        Devices = "840 and 980 ventilators, serial port set to DCI",
        Quality = "bronze",
    };

    /// <summary>
    /// Yes for two whole replies whose counts are right, or for the beginning of one that is right field by field: a whole one takes three
    /// quarters of a second, longer than a speed is listened to.
    /// </summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        int replies = 0;
        int heads = 0;
        for (ReadOnlySpan<byte> rest = window; rest.IndexOf(Frame.Head) is >= 0 and int at; rest = rest[Frame.Head.Length..])
        {
            heads++;
            rest = rest[at..];
            int end = rest.IndexOf(Frame.CarriageReturn);
            replies += end > 0 && Reply.Read(rest[..end], out _) is { } reply && reply.StatedBytes == reply.Bytes ? 1 : 0;
            if (replies >= RepliesForYes || BeginsRight(rest))
            {
                return Verdict.Yes;
            }
        }

        bool hopeless = window.Length >= ManySniffed || (window.Length >= FewSniffed && heads == 0);
        return hopeless && replies == 0 ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new PuritanBennett840Session(options);

    private static bool BeginsRight(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Frame.MostHeaderBytes || Reply.ReadHeader(line, out ReplyHeader header) is not null)
        {
            return false;
        }

        var table = FieldTable.Of(header.Kind);
        if (header.Bytes != table.Bytes || header.Fields != table.Rows.Count)
        {
            return false;
        }

        ReadOnlySpan<byte> body = line[header.Length..];
        for (int place = 0; place < FieldsForYes; place++)
        {
            FieldRow row = table.RowAt(place);
            if (body.Length <= row.Width || body[row.Width] != (byte)',' || !IsRight(body[..row.Width], row.Role))
            {
                return false;
            }

            body = body[(row.Width + 1)..];
        }

        return true;
    }

    private static bool IsRight(ReadOnlySpan<byte> field, FieldRole role)
    {
        bool printable = !field.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !field.Contains((byte)',');
        return printable && role switch
        {
            FieldRole.Time => field[2] == ':' && !field[..2].ContainsAnyExceptInRange((byte)'0', (byte)'9'),
            FieldRole.Date => field[3] == ' ' && !field[..3].ContainsAnyExceptInRange((byte)'A', (byte)'Z'),
            FieldRole.Setting => !field.TrimEnd((byte)' ').ContainsAnyExcept(OfSettings),
            _ => true,
        };
    }
}
