using Bedside.Model;

namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>
/// Our side of the talk: enable, wait for the identification, start, and say every five seconds that the link is in use. A device that stays silent is
/// asked again. Time is that of the chunks.
/// </summary>
internal sealed class Conversation
{
    private const long Second = 1_000_000_000;
    private const long LinkActiveEvery = 5 * Second;

    /// <summary>The device answers within 1.5 s.</summary>
    private const long AskAgainAfter = 2 * Second;

    private MonotonicInstant? _enabledAt;
    private MonotonicInstant? _activeAt;
    private bool _started;
    private bool _stopped;

    /// <summary>Time passed.</summary>
    public void Advance(MonotonicInstant now, bool receiving, IDriverOutput output)
    {
        if (_stopped)
        {
            return;
        }

        if (!receiving && (_enabledAt is not { } asked || now.Since(asked) >= AskAgainAfter))
        {
            (_enabledAt, _started) = (now, false);
            output.Send(Outgoing.Enable);
        }

        if ((receiving || _started) && (_activeAt is not { } last || now.Since(last) >= LinkActiveEvery))
        {
            _activeAt = now;
            output.Send(Outgoing.LinkActive);
            output.Send(Outgoing.HostName);
        }
    }

    /// <summary>The device said who it is: it is ready. One that was switched off and on says so unasked.</summary>
    public void Identified(MonotonicInstant now, IDriverOutput output)
    {
        if (!_stopped)
        {
            (_enabledAt, _activeAt, _started) = (now, null, true);
            output.Send(Outgoing.StartRealtime);
        }
    }

    public void Stop(IDriverOutput output)
    {
        if (!_stopped && _enabledAt is not null)
        {
            output.Send(Outgoing.StopRealtime);
            output.Send(Outgoing.Disable);
        }

        _stopped = true;
    }
}
