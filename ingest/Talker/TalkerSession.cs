using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Microsoft.Extensions.Logging;

namespace Bedside.Ingest.Talker;

/// <summary>One connection to the talker, on one thread: it asks which ports there are, or it is one line from the moment it is opened until either end lets go.</summary>
internal sealed partial class TalkerSession(TalkerWire wire, TalkerRules rules, TalkerPace pace, TimeProvider time, ILogger log)
{
    private const int Version = 1;
    private const int SlowestLine = 50;
    private const int FastestLine = 4_000_000;
    private const int MostBytesShown = 16;
    private const int MostShown = 100;

    private long _refused;

    /// <summary>Until the other end lets go, the line is lost or <paramref name="cancel"/>. Throws nothing of what the other end or the line do.</summary>
    public void Run(CancellationToken cancel)
    {
        try
        {
            while (wire.Read() is { } frame && Begin(frame, cancel))
            {
            }
        }
        catch (LineException line)
        {
            Say(line.Finding);
        }
        catch (IOException wrong)
        {
            Say(new Finding(FindingKind.Lost, wrong.Message, wrong.Message));
        }
    }

    private bool Begin(Frame frame, CancellationToken cancel)
    {
        switch (frame.Kind)
        {
            case FrameKind.List:
                Check(frame.Read(TalkerJson.Default.ListQuestion).Version);
                wire.Write(FrameKind.Ports, rules.Ports(), TalkerJson.Default.IReadOnlyListSerialPortName);
                return true;
            case FrameKind.Open:
                Carry(frame.Read(TalkerJson.Default.OpenQuestion), cancel);
                return false;
            default:
                throw TalkerWire.Nonsense();
        }
    }

    private void Carry(OpenQuestion asked, CancellationToken cancel)
    {
        Check(asked.Version);
        if (!rules.Has(asked.Path))
        {
            LogForbidden(Shown(asked.Path));
            throw new LineException(
                FindingKind.NoPort,
                $"There is no serial port {asked.Path} that the talker may open. Plug the adapter in, or name the port with bedside talker --serial.",
                $"Il n’y a pas de port série {asked.Path} que le programme des ports puisse ouvrir. Branchez l’adaptateur, ou nommez le port avec bedside talker --serial.");
        }

        bool listenOnly = asked.ListenOnly || rules.ListenOnly;
        using var link = SerialLink.Open(asked.Path, Settings(asked.Line), time, listenOnly);
        LogOpened(asked.Path);
        try
        {
            wire.Write(FrameKind.Done, new OpenAnswer(listenOnly), TalkerJson.Default.OpenAnswer);
            while (!cancel.IsCancellationRequested)
            {
                (bool line, bool other) = link.Wait(wire.Handle);
                if (other && !Obey(link, asked.Path))
                {
                    return;
                }

                if (line)
                {
                    Tell(link.Read());
                }
            }
        }
        finally
        {
            LogClosed(asked.Path, _refused);
        }
    }

    /// <summary>One thing that the other end wants of the line; false = it lets go.</summary>
    private bool Obey(SerialLink link, string path)
    {
        if (wire.Read() is not { } frame)
        {
            return false;
        }

        switch (frame.Kind)
        {
            case FrameKind.Tune:
                link.Tune(Settings(Encoding.ASCII.GetString(frame.Body)));
                wire.Write(FrameKind.Done);
                break;
            case FrameKind.Send:
                Send(link, frame.Body, path);
                break;
            case FrameKind.Count:
                Count(link);
                break;
            default:
                throw TalkerWire.Nonsense();
        }

        return true;
    }

    private void Send(SerialLink link, byte[] message, string path)
    {
        if (rules.Lets(message) && pace.Lets(path))
        {
            link.Send(message);
            return;
        }

        // The box has its own list and refuses the same: what comes here is not from a driver. It is told once, however often it is tried.
        if (_refused++ == 0)
        {
            LogRefused(path, message.Length, Convert.ToHexString(message.AsSpan(0, Math.Min(message.Length, MostBytesShown))));
        }
    }

    private void Count(SerialLink link)
    {
        Span<byte> body = stackalloc byte[2 + (4 * sizeof(int))];
        LineErrors? errors = link.Errors;
        LineErrors counted = errors ?? default;
        body[0] = errors is null ? (byte)0 : (byte)1;
        body[1] = link.DeviceRaisesALine switch { null => 0, false => 1, true => 2 };
        BinaryPrimitives.WriteInt32LittleEndian(body[2..], counted.Framing);
        BinaryPrimitives.WriteInt32LittleEndian(body[6..], counted.Parity);
        BinaryPrimitives.WriteInt32LittleEndian(body[10..], counted.Overrun);
        BinaryPrimitives.WriteInt32LittleEndian(body[14..], counted.Break);
        wire.Write(FrameKind.Counted, body);
    }

    private void Tell(Chunk chunk)
    {
        if (chunk.Bytes.IsEmpty)
        {
            return;
        }

        byte[] body = new byte[sizeof(long) + chunk.Bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(body, chunk.ArrivedAt.Nanoseconds);
        chunk.Bytes.Span.CopyTo(body.AsSpan(sizeof(long)));
        wire.Write(FrameKind.Data, body);
    }

    private void Say(Finding finding)
    {
        try
        {
            wire.Write(FrameKind.Fault, finding, TalkerJson.Default.Finding);
        }
        catch (IOException)
        {
            // Nobody is there to hear it.
        }
    }

    /// <summary>What the other end wrote, as a log may have it: one line that is not long, and no letter that moves a terminal.</summary>
    private static string Shown(string said) => new([.. said.Take(MostShown).Select(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '?' : letter)]);

    private static void Check(int version)
    {
        if (version != Version)
        {
            throw new LineException(
                FindingKind.Lost,
                $"The talker is of another version than the box ({Version}, not {version}). Restart both after an update.",
                $"Le programme des ports est d’une autre version que le boîtier ({Version}, pas {version}). Redémarrez les deux après une mise à jour.");
        }
    }

    private static LineSettings Settings(string text) =>
        LineSettings.Parse(text) is { BitsPerSecond: >= SlowestLine and <= FastestLine } line ? line : throw TalkerWire.Nonsense();

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} is opened")]
    private partial void LogOpened(string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} is closed; {Refused} messages were not sent on it")]
    private partial void LogClosed(string path, long refused);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path}: a message of {Length} bytes was not sent, because no driver declares it, nothing may be sent, or too many came: {Shown}")]
    private partial void LogRefused(string path, int length, string shown);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was asked for and may not be opened")]
    private partial void LogForbidden(string path);
}
