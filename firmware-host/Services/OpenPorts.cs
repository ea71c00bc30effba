using Bedside.Ingest;
using Bedside.Model.Settings;

namespace Bedside.Host.Services;

/// <summary>
/// The ports that are open, each with its thread. When other things are said of ports, only those of which something else is said are opened anew; all others go on reading.
/// Any thread may call.
/// </summary>
/// <param name="start">Gives a port its thread, which ends soon after the token is cancelled.</param>
/// <param name="build">A port as a pin says; the second is how it was found, null = it is known by its pin only.</param>
/// <param name="leave">Told when a port is about to be opened anew (true), or not at all any more.</param>
internal sealed class OpenPorts(Func<PortOptions, CancellationToken, Thread> start, Func<PortPin, PortOptions?, PortOptions> build, Action<string, bool> leave) : IDisposable
{
    /// <summary>A thread that ends later is left behind; its line stays taken until then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, OpenPort> _open = new(StringComparer.Ordinal);
    private IReadOnlyList<PortPin> _pins = [];
    private bool _closed;

    /// <summary>A port was found, or named by the site; one of that name that is open already stays as it is. <paramref name="isFixed"/>: pins are not for it.</summary>
    public void Add(PortOptions found, bool isFixed = false)
    {
        lock (_gate)
        {
            if (_closed || (_open.TryGetValue(found.Name, out OpenPort? before) && before.Found is not null))
            {
                return;
            }

            if (before is not null)
            {
                // It was open by its pin before it was found; nothing of how it is read changes.
                _open[found.Name] = before with { Found = found };
                return;
            }

            Open(found.Name, found, isFixed ? null : PinOf(found.Name), isFixed);
        }
    }

    /// <summary>From now on these are the pins.</summary>
    public void Pin(IReadOnlyList<PortPin> pins)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _pins = pins;
            string[] changed = [.. _open.Values.Where(port => !port.IsFixed && port.Pin != PinOf(port.Name)).Select(port => port.Name)];
            OpenPort[] closing = [.. changed.Select(name => _open[name])];
            foreach (OpenPort port in closing)
            {
                port.Stop.Cancel();
            }

            foreach (OpenPort port in closing)
            {
                Close(port);
                bool again = port.Found is not null || PinOf(port.Name) is not null;
                leave(port.Name, again);
                if (again)
                {
                    Open(port.Name, port.Found, PinOf(port.Name), isFixed: false);
                }
            }

            foreach (PortPin pin in pins.Where(pin => !_open.ContainsKey(pin.Place)))
            {
                Open(pin.Place, found: null, pin, isFixed: false);
            }
        }
    }

    /// <summary>Ends all of them, and takes no more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (OpenPort port in _open.Values)
            {
                port.Stop.Cancel();
            }

            foreach (OpenPort port in _open.Values)
            {
                port.Thread.Join();
                port.Stop.Dispose();
            }

            _open.Clear();
        }
    }

    public void Dispose() => Close();

    private PortPin? PinOf(string name) => _pins.FirstOrDefault(pin => pin.Place == name);

    private void Open(string name, PortOptions? found, PortPin? pin, bool isFixed)
    {
        PortOptions options = pin is null ? found! : build(pin, found);
        var stop = new CancellationTokenSource();
        _open[name] = new OpenPort(name, found, pin, isFixed, stop, start(options, stop.Token));
    }

    private void Close(OpenPort port)
    {
        _open.Remove(port.Name);
        if (port.Thread.Join(Patience))
        {
            port.Stop.Dispose();
        }
    }

    /// <summary>A port that is open, and what was said of it.</summary>
    /// <param name="Found">How it was found; null = by its pin only.</param>
    /// <param name="Pin">As it was opened; null = nothing was said of it.</param>
    private sealed record OpenPort(string Name, PortOptions? Found, PortPin? Pin, bool IsFixed, CancellationTokenSource Stop, Thread Thread);
}
