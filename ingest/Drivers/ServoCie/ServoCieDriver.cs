using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// Getinge (Maquet) SERVO ventilators over RS-232, computer interface (CIE), extended mode. Written from our sheet of facts on the manufacturer's
/// reference manual (protocol versions 001 to 005) and a public recording; see README.md for what is confirmed.
/// </summary>
public sealed class ServoCieDriver : IDriver
{
    private const int FewSniffed = 512;
    private const int ManySniffed = 4096;
    private const int MessagesForYes = 2;
    private const int BlocksForYes = 3;
    private const int LeastSamples = 8;

    /// <summary>A text of so many digits with its checksum is no accident.</summary>
    private const int LongAnswer = 12;

    public string Name => "servo-cie";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines = [new LineSettings(9600, Parity: LineParity.Even)],
        Outgoing = Outgoing.All,
        Probes = [Outgoing.Abort, Outgoing.Basic, Outgoing.Enter],
        SilentAfter = TimeSpan.FromSeconds(8),
        Manufacturer = "Getinge",
        Devices = "SERVO-i and SERVO-s; SERVO-u, SERVO-n and SERVO-air experimentally",
        Quality = "bronze",
    };

    /// <summary>Yes for two answers of which one can only be a SERVO's, or for three whole blocks in a row with curves in them.</summary>
    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        (int answers, int telling) = CountAnswers(window);
        if ((telling > 0 && answers >= MessagesForYes) || HasBlocks(window))
        {
            return Verdict.Yes;
        }

        return window.Length < FewSniffed || answers > 0 || window.Length < ManySniffed && window.IndexOfAny(BlockReader.Curve, BlockReader.Phase) >= 0 ? Verdict.NeedMore : Verdict.No;
    }

    public IDriverSession Open(SessionOptions options) => new ServoCieSession(options);

    private static (int Answers, int Telling) CountAnswers(ReadOnlySpan<byte> window)
    {
        var text = new TextReader();
        int answers = 0;
        int telling = 0;
        foreach (byte value in window)
        {
            if (!text.Take(value) || text.Message is not { } message)
            {
                continue;
            }

            string? body = Frame.Open(message);
            bool names = message == "900PCI" || (body is not null && (Messages.ReadProduct(body) is not null || (body.Length >= LongAnswer && body.All(char.IsAsciiDigit))));
            bool scales = body is { Length: > LongAnswer } && body[3] == ';' && body.EndsWith(';');
            bool plain = body == "*" || message == "*" || (body ?? message) is ['E', 'R', >= '1' and <= '2', >= '0' and <= '9'];
            answers += names || scales || plain ? 1 : 0;
            telling += names || scales ? 1 : 0;
        }

        return (answers, telling);
    }

    /// <summary>The counts of channels are not known here: blocks of values are taken at whatever length makes their end and check right.</summary>
    private static bool HasBlocks(ReadOnlySpan<byte> window)
    {
        for (int start = 0; start < window.Length; start++)
        {
            if (window[start] is not (BlockReader.Curve or BlockReader.Phase))
            {
                continue;
            }

            int blocks = 0;
            int at = start;
            while (blocks < BlocksForYes && BlockLength(window[at..]) is > 0 and int length)
            {
                blocks++;
                at += length;
            }

            if (blocks >= BlocksForYes)
            {
                return true;
            }
        }

        return false;
    }

    private static int BlockLength(ReadOnlySpan<byte> window)
    {
        if (window.IsEmpty)
        {
            return 0;
        }

        return window[0] switch
        {
            BlockReader.Curve or BlockReader.Phase => CurveLength(window),
            BlockReader.Breath or BlockReader.Settings => ValuesLength(window, bytesPerValue: 2),
            BlockReader.ExtendedAlarm => ValuesLength(window, bytesPerValue: 1),
            _ => 0,
        };
    }

    private static int CurveLength(ReadOnlySpan<byte> window)
    {
        int items = 0;
        int at = 0;
        while (at < window.Length && window[at] != BlockReader.EndFlag)
        {
            bool phase = window[at] == BlockReader.Phase;
            bool absolute = window[at] == BlockReader.Curve;
            if ((phase && (at + 1 >= window.Length || window[at + 1] is not (0x10 or 0x20 or 0x30))) || (absolute && (at + 1 >= window.Length || window[at + 1] >= BlockReader.EndFlag)))
            {
                return 0;
            }

            at += phase ? 2 : absolute ? 3 : 1;
            items += phase ? 0 : 1;
        }

        return items >= LeastSamples ? Checked(window, at) : 0;
    }

    private static int ValuesLength(ReadOnlySpan<byte> window, int bytesPerValue)
    {
        for (int at = 1; at < window.Length && at <= 1 + (bytesPerValue * Outgoing.MostSettings); at += bytesPerValue)
        {
            if (window[at] == BlockReader.EndFlag)
            {
                return Checked(window, at);
            }

            if (bytesPerValue == 1 && window[at] > 2)
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>The length up to and with the check, if 7F at <paramref name="end"/> is followed by the right one; otherwise 0.</summary>
    private static int Checked(ReadOnlySpan<byte> window, int end) =>
        end + 1 < window.Length && Frame.ExclusiveOr(window[..(end + 1)]) == window[end + 1] ? end + 2 : 0;
}
