using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Bedside.Ingest.Talker;

/// <summary>
/// The one program that opens serial ports, for another that has network and data: it carries bytes over a Unix socket and lets out what drivers declare, so that whoever takes over the other has no way to a device.
/// </summary>
public sealed partial class TalkerServer : IDisposable
{
    private const int MostConnections = 64;
    private const int AnswerWithinMs = 5_000;
    private const int RoomForPauses = 1 << 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private readonly Socket _listener;
    private readonly string _path;
    private readonly TalkerRules _rules;
    private readonly TimeProvider _time;
    private readonly ILogger<TalkerServer> _log;
    private readonly TalkerPace _pace;
    private int _connections;

    private TalkerServer(Socket listener, string path, TalkerRules rules, TimeProvider time, ILogger<TalkerServer> log) =>
        (_listener, _path, _rules, _pace, _time, _log) = (listener, path, rules, new TalkerPace(time), time, log);

    /// <summary>Begins to listen. Throws <see cref="IOException"/> with the remedy.</summary>
    /// <param name="path">Of the socket; its owner and its group may use it. One that nobody listens on any more is replaced.</param>
    public static TalkerServer Listen(string path, TalkerRules rules, TimeProvider time, ILogger<TalkerServer> log)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, OwnerAndGroup);
            }

            listener.Listen(MostConnections);
            return new TalkerServer(listener, path, rules, time, log);
        }
        catch (Exception failed) when (failed is SocketException or UnauthorizedAccessException or ArgumentException or DirectoryNotFoundException)
        {
            listener.Dispose();
            throw new IOException($"{path} cannot be made: {failed.Message}. Name a socket in a folder that is there and yours with --socket.", failed);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Serves until <paramref name="cancel"/>; every connection has its thread.</summary>
    public void Run(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (_listener.Poll(LookEvery, SelectMode.SelectRead))
                {
                    Serve(_listener.Accept(), cancel);
                }
            }
            catch (SocketException refused)
            {
                LogNotAccepted(refused.Message);
                cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }

    private void Serve(Socket caller, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _connections) > MostConnections)
        {
            Interlocked.Decrement(ref _connections);
            caller.Dispose();
            return;
        }

        // Of a caller that takes nothing or stops in the middle of a frame; one that says nothing waits with its line.
        caller.SendTimeout = AnswerWithinMs;

        // While the other program pauses, what the line says waits here; the system gives what it may.
        caller.SendBufferSize = RoomForPauses;
        new Thread(() => Talk(caller, cancel)) { IsBackground = true, Name = "talker" }.Start();
    }

    private void Talk(Socket caller, CancellationToken cancel)
    {
        try
        {
            using var wire = new TalkerWire(caller);
            using CancellationTokenRegistration ended = cancel.Register(() => Hang(caller));
            new TalkerSession(wire, _rules, _pace, _time, _log).Run(cancel);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // One line that fails must not end the others.
            LogFailed(failure);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    /// <summary>A thread that waits for its words wakes up.</summary>
    private static void Hang(Socket caller)
    {
        try
        {
            caller.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // So it ends anyway.
        }
    }

    private static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
        {
            return;
        }

        if (File.GetAttributes(path).HasFlag(FileAttributes.Directory) || new FileInfo(path).Length > 0)
        {
            throw new IOException($"{path} is no socket; name another one with --socket.");
        }

        using var knock = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            knock.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException nobody) when (nobody.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"{path} is in use: another bedside talker has the ports. Stop it first.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection could not be taken: {Reason}")]
    private partial void LogNotAccepted(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A connection failed")]
    private partial void LogFailed(Exception failure);
}
