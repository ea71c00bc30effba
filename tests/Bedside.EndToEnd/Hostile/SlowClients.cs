using System.Net.Sockets;
using System.Text;

namespace Bedside.EndToEnd.Hostile;

/// <summary>How a client is slow.</summary>
internal enum Slowness
{
    /// <summary>A letter of a header, then another.</summary>
    Headers,

    /// <summary>Likewise of a body that was said to be long.</summary>
    Body,

    /// <summary>Asks for much and reads next to nothing.</summary>
    Reading,

    /// <summary>Opens a WebSocket, sends half of a frame, and never reads.</summary>
    Socket,
}

/// <summary>Clients that are slow on purpose. One that is hung up on comes again at once.</summary>
internal sealed class SlowClients : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];
    private readonly Uri _box;
    private int _connected;
    private int _hungUp;

    public SlowClients(Uri box, int count)
    {
        _box = box;
        for (int i = 0; i < count; i++)
        {
            var how = (Slowness)(i % 4);
            _clients.Add(Task.Run(() => GoOnAsync(how)));
        }
    }

    /// <summary>Connections that were made.</summary>
    public int Connected => Volatile.Read(ref _connected);

    /// <summary>Those that the box ended.</summary>
    public int HungUp => Volatile.Read(ref _hungUp);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _stop.Dispose();
    }

    private async Task GoOnAsync(Slowness how)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                await socket.ConnectAsync(_box.Host, _box.Port, _stop.Token);
                Interlocked.Increment(ref _connected);
                await BeSlowAsync(socket, how);
                Interlocked.Increment(ref _hungUp);
            }
            catch (SocketException)
            {
                Interlocked.Increment(ref _hungUp);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Pause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Returns when the box hung up.</summary>
    private async Task BeSlowAsync(Socket socket, Slowness how)
    {
        await SayAsync(socket, how switch
        {
            Slowness.Headers => $"GET /api/v1/health HTTP/1.1\r\nHost: {_box.Authority}\r\nX-Slow: ",
            Slowness.Body => $"POST /api/v1/annotations HTTP/1.1\r\nHost: {_box.Authority}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{{",
            Slowness.Reading => string.Concat(Enumerable.Repeat($"GET /openapi/v1.json HTTP/1.1\r\nHost: {_box.Authority}\r\n\r\n", 40)),
            _ => $"GET /api/v1/live HTTP/1.1\r\nHost: {_box.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: bedside.v1\r\n\r\n",
        });
        if (how == Slowness.Socket)
        {
            _ = await socket.SendAsync((byte[])[0x81, 0xAF, 1, 2, 3], SocketFlags.None, _stop.Token);
        }

        byte[] one = new byte[1];
        while (true)
        {
            await Task.Delay(Pause, TimeProvider.System, _stop.Token);
            if (how is Slowness.Headers or Slowness.Body)
            {
                await SayAsync(socket, "x");
                if (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0)
                {
                    return;
                }
            }
            else if (await socket.ReceiveAsync(one, SocketFlags.None, _stop.Token) == 0)
            {
                return;
            }
        }
    }

    private async Task SayAsync(Socket socket, string text) => _ = await socket.SendAsync(Encoding.ASCII.GetBytes(text), SocketFlags.None, _stop.Token);
}
