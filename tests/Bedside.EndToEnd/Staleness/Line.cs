using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Bedside.EndToEnd.Staleness;

/// <summary>What the line between a screen and its box does.</summary>
internal enum LineState
{
    /// <summary>Everything passes.</summary>
    Whole,

    /// <summary>Nothing passes and nothing is refused: what comes waits, and passes later.</summary>
    Held,

    /// <summary>Every connection is broken, and each new one at once.</summary>
    Broken,
}

/// <summary>A TCP proxy on this machine, so that a test can hold or break the line to a box that goes on.</summary>
internal sealed class Line : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly ConcurrentBag<Task> _pumps = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile TaskCompletionSource _passes = Passing();
    private volatile LineState _state;

    public Line(Uri box)
    {
        _target = new IPEndPoint(IPAddress.Loopback, box.Port);
        _listener.Start();
        Address = new UriBuilder(box) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>Where screens find the box through this line.</summary>
    public Uri Address { get; }

    public void Set(LineState state)
    {
        _state = state;
        if (state == LineState.Held)
        {
            _passes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            _passes.TrySetResult();
        }

        if (state == LineState.Broken)
        {
            foreach (Socket socket in _sockets.Keys)
            {
                Forget(socket);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Set(LineState.Broken);
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_pumps);
        _listener.Dispose();
        _stop.Dispose();
    }

    private static TaskCompletionSource Passing()
    {
        var passing = new TaskCompletionSource();
        passing.SetResult();
        return passing;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket screen = await _listener.AcceptSocketAsync(_stop.Token);
                Take(screen, _state == LineState.Broken);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The line is taken down.
        }
    }

    private void Take(Socket screen, bool refused)
    {
        if (refused)
        {
            Forget(screen);
        }
        else
        {
            _pumps.Add(ConnectAsync(screen));
        }
    }

    private async Task ConnectAsync(Socket screen)
    {
        var box = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        screen.NoDelay = box.NoDelay = true;
        _sockets[screen] = _sockets[box] = 0;
        try
        {
            await _passes.Task.WaitAsync(_stop.Token);
            await box.ConnectAsync(_target, _stop.Token);
            await Task.WhenAny(PumpAsync(screen, box), PumpAsync(box, screen));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Nobody answers there, or the line was broken.
        }

        Forget(screen);
        Forget(box);
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is int count and > 0)
            {
                await _passes.Task.WaitAsync(_stop.Token);
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One end went, or the line was broken.
        }
    }

    private void Forget(Socket socket)
    {
        _sockets.TryRemove(socket, out _);
        socket.Dispose();
    }
}
