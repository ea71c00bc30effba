using System.Runtime.InteropServices;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Ingest.Links;

/// <summary>
/// A serial port of this machine. Opened for listening only it has no way to write: the file itself is read-only.
/// Every <see cref="IOException"/> is a sentence for whoever stands at the bed.
/// </summary>
public sealed class SerialLink : ISerialLine
{
    private const int TickMilliseconds = 100;
    /// <summary>Without a single byte taken; a slow line that goes on taking them is not at fault.</summary>
    private const int LongestSendMilliseconds = 5_000;
    private const int MostBytesPerRead = 4_096;

    private const uint ParityEnabled = 0x100;
    private const uint ParityIsOdd = 0x200;
    private const uint TwoStopBits = 0x40;
    private const uint ReceiverOn = 0x80;
    private const uint IgnoreModemLines = 0x800;
    private const uint SpeedInNumbers = 0x1000;
    private const int DataBitsShift = 4;
    private const uint CheckInputParity = 0x10;
    private const int SpeedTolerancePercent = 3;

    private readonly SafeFileHandle _port;
    private readonly string _path;
    private readonly bool _listenOnly;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = new byte[MostBytesPerRead];
    private bool _isOurs;

    private SerialLink(SafeFileHandle port, string path, bool listenOnly, TimeProvider time) =>
        (_port, _path, _listenOnly, _time) = (port, path, listenOnly, time);

    /// <inheritdoc/>
    public LineErrors? Errors => Tty.Counters(_port);

    /// <summary>The line settings that the port says it has.</summary>
    public LineSettings Line => Read(Settings());

    /// <inheritdoc/>
    public bool? DeviceRaisesALine => Tty.ModemLines(_port) is { } lines ? (lines & (0x020 | 0x040 | 0x100)) != 0 : null;

    /// <summary>Opens a port for this process alone.</summary>
    public static SerialLink Open(string path, LineSettings line, TimeProvider time, bool listenOnly = false)
    {
        if (RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
        {
            throw new PlatformNotSupportedException("Serial ports are known on x64 and arm64 only.");
        }

        int mode = listenOnly ? Tty.ReadOnly : Tty.ReadWrite;
        SafeFileHandle port = Tty.Open(path, mode | Tty.NoControllingTerminal | Tty.NonBlocking | Tty.CloseOnExec);
        if (port.IsInvalid)
        {
            throw Refused(path, Marshal.GetLastPInvokeError());
        }

        var link = new SerialLink(port, path, listenOnly, time);
        try
        {
            // The lock holds against other boxes' programs run by root too, which the terminal's own exclusive mode does not.
            if (Tty.Lock(port, Tty.LockExclusive | Tty.LockNonBlocking) != 0 || !Tty.TryClaim(port))
            {
                int error = Marshal.GetLastPInvokeError();
                throw Refused(path, error == Tty.TryAgain ? Tty.Busy : error);
            }

            link._isOurs = true;
            link.Tune(line);
            Tty.RaiseReady(port);
            Tty.AskLowLatency(port);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Tune(LineSettings line)
    {
        var settings = new Tty.Termios2
        {
            Input = line.Parity == LineParity.None ? 0 : CheckInputParity,
            Control = ReceiverOn | IgnoreModemLines | SpeedInNumbers
                | (uint)((line.DataBits - 5) << DataBitsShift)
                | (line.StopBits == 2 ? TwoStopBits : 0)
                | (line.Parity == LineParity.None ? 0 : ParityEnabled)
                | (line.Parity == LineParity.Odd ? ParityIsOdd : 0),
            InputSpeed = (uint)line.BitsPerSecond,
            OutputSpeed = (uint)line.BitsPerSecond,
        };
        _ = Settings(); // says so if this is not a serial port at all
        if (!Tty.TrySet(_port, ref settings) || !IsNear(Line, line))
        {
            throw new LineException(
                FindingKind.Lost,
                $"{_path} cannot be set to {line}. Use an adapter that can.",
                $"{_path} ne peut pas être réglé sur {line}. Prenez un adaptateur qui le peut.");
        }

        Tty.Flush(_port);
    }

    /// <summary>Waits until the line or another file has something, 100 ms at most; a line that is lost has, and <see cref="Read()"/> says so.</summary>
    internal (bool Line, bool Other) Wait(SafeHandle other)
    {
        (int line, int file) = Tty.Poll(_port, other, Tty.PollIn, TickMilliseconds);
        return (line != 0, file != 0);
    }

    public Chunk Read()
    {
        while (true)
        {
            int happened = Tty.Poll(_port, Tty.PollIn, TickMilliseconds);
            if (happened == 0)
            {
                return new Chunk(_time.MonotonicNow(), default);
            }

            if (happened < 0 && Marshal.GetLastPInvokeError() == Tty.Interrupted)
            {
                continue;
            }

            MonotonicInstant arrivedAt = _time.MonotonicNow();
            nint count = Tty.Read(_port, _buffer, _buffer.Length);
            if (count > 0)
            {
                return new Chunk(arrivedAt, _buffer.AsSpan(0, (int)count).ToArray());
            }

            if (count == 0 || Marshal.GetLastPInvokeError() is not (Tty.Interrupted or Tty.TryAgain))
            {
                throw Lost();
            }

            if ((happened & (Tty.PollHangUp | Tty.PollError)) != 0)
            {
                throw Lost();
            }
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_listenOnly)
        {
            throw new IOException($"{_path} is open for listening only; nothing can be sent on it.");
        }

        MonotonicInstant begun = _time.MonotonicNow();
        while (!bytes.IsEmpty)
        {
            nint count = Tty.Write(_port, bytes, bytes.Length);
            if (count > 0)
            {
                bytes = bytes[(int)count..];
                begun = _time.MonotonicNow();
            }
            else if (count < 0 && Marshal.GetLastPInvokeError() is not (Tty.TryAgain or Tty.Interrupted))
            {
                throw Lost();
            }
            else if (_time.MonotonicNow().Since(begun) / 1_000_000 > LongestSendMilliseconds)
            {
                throw new LineException(FindingKind.Lost, $"{_path} takes no bytes. Check the adapter.", $"{_path} ne prend plus d’octets. Vérifiez l’adaptateur.");
            }
            else
            {
                Tty.Poll(_port, Tty.PollOut, TickMilliseconds);
            }
        }
    }

    public void Dispose()
    {
        // Of a port that somebody else has nothing is thrown away.
        if (_isOurs && !_port.IsClosed)
        {
            // Closing would wait up to 30 s for bytes that an absent device does not take.
            Tty.Flush(_port);
            Tty.Unclaim(_port);
        }

        _port.Dispose();
    }

    private static LineSettings Read(Tty.Termios2 settings) => new(
        (int)settings.OutputSpeed,
        (int)((settings.Control >> DataBitsShift) & 3) + 5,
        (settings.Control & ParityEnabled) == 0 ? LineParity.None : (settings.Control & ParityIsOdd) != 0 ? LineParity.Odd : LineParity.Even,
        (settings.Control & TwoStopBits) != 0 ? 2 : 1);

    /// <summary>
    /// A port rounds a speed to what its clock can do. Virtual ports always say eight bits without parity, and lose nothing by it.
    /// </summary>
    private static bool IsNear(LineSettings got, LineSettings wanted) =>
        Math.Abs((long)got.BitsPerSecond - wanted.BitsPerSecond) * 100 <= (long)wanted.BitsPerSecond * SpeedTolerancePercent;

    private static LineException Refused(string path, int error) => error switch
    {
        Tty.NoEntry or Tty.NoDevice or Tty.NoSuchDevice or Tty.InputOutput =>
            new LineException(FindingKind.NoPort, $"There is no serial port {path}. Plug the adapter in.", $"Il n’y a pas de port série {path}. Branchez l’adaptateur."),
        Tty.AccessDenied or Tty.NotPermitted => new LineException(
            FindingKind.NotAllowed,
            $"{path} may not be opened by {Environment.UserName}. Add the user to the group dialout (sudo usermod -aG dialout {Environment.UserName}) and log in again.",
            $"{path} ne peut pas être ouvert par {Environment.UserName}. Ajoutez l’utilisateur au groupe dialout (sudo usermod -aG dialout {Environment.UserName}) et reconnectez-vous."),
        Tty.Busy => InUse(path, PortOwner.Of(path)),
        _ => NotAPort(path),
    };

    private static LineException InUse(string path, string owner) => new(
        FindingKind.InUse,
        $"{path} is in use{(owner.Length > 0 ? $" by {owner}" : "")}. Stop that program.",
        $"{path} est déjà utilisé{(owner.Length > 0 ? $" par {owner}" : "")}. Arrêtez ce programme.");

    private static LineException NotAPort(string path) => new(
        FindingKind.NoPort,
        $"{path} is not a serial port. Name one from /dev/serial/by-path.",
        $"{path} n’est pas un port série. Nommez-en un de /dev/serial/by-path.");

    private Tty.Termios2 Settings() => Tty.TryGet(_port, out Tty.Termios2 settings) ? settings : throw NotAPort(_path);

    private LineException Lost() => new(
        FindingKind.Lost,
        $"{_path} is gone: the adapter was unplugged. Plug it in again.",
        $"{_path} a disparu : l’adaptateur a été débranché. Rebranchez-le.");
}
