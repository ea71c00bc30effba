using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Bedside.Simulators;

/// <summary>What a person or a script says while the simulator runs: lines on standard input, and signals.</summary>
internal sealed class Commands : IDisposable
{
    private const int Kept = 256;

    private readonly BlockingCollection<string> _lines = new(Kept);
    private readonly FaultSchedule _faults;
    private readonly bool _untilClosed;
    private volatile bool _stopped;

    public Commands(FaultSchedule faults, TextReader input, bool untilClosed)
    {
        _faults = faults;
        _untilClosed = untilClosed;

        // Reading a terminal or a pipe cannot be called off, so the thread must not hold up the end.
        new Thread(() => Listen(input)) { IsBackground = true, Name = "commands" }.Start();
    }

    public bool Stopped => _stopped;

    public void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _stopped = true;
    }

    /// <summary>Does what was said since the last time.</summary>
    public void Obey(TextWriter log)
    {
        while (_lines.TryTake(out string? line))
        {
            switch (line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                case []:
                    break;
                case ["stop"]:
                    _stopped = true;
                    break;
                case ["fault", string name] when _faults.TryStart(name):
                    log.WriteLine($"fault {name}");
                    break;
                default:
                    log.WriteLine($"not understood: '{line}'; say 'fault NAME[@SECONDS[+DURATION]]' or 'stop'");
                    break;
            }
        }
    }

    public void Dispose() => _lines.Dispose();

    private void Listen(TextReader input)
    {
        try
        {
            while (input.ReadLine() is { } line)
            {
                _lines.Add(line);
            }

            _stopped |= _untilClosed;
        }
        catch (ObjectDisposedException)
        {
            // The simulator has ended.
        }
    }
}
