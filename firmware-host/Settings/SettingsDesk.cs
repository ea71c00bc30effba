using Bedside.Model;
using Bedside.Model.Settings;
using Bedside.Storage.Disk;
using Bedside.Viewer;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Host.Settings;

/// <summary>
/// The box's settings: prepared as a draft, put into effect, tried, taken back. Changed ports are on trial: a version goes by itself unless somebody confirms it in time and every
/// device that was received when it came is received again. Time is the monotonic clock's. Any thread may call; <see cref="Look"/> is called once a second.
/// </summary>
internal sealed partial class SettingsDesk : ISettingsDesk
{
    /// <summary>How long a version with changed ports is on trial.</summary>
    public static readonly TimeSpan UsualTrial = TimeSpan.FromSeconds(60);

    /// <summary>What a device sent before its port was opened anew may arrive this much later.</summary>
    private static readonly TimeSpan Residue = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SettingsFile _file;
    private readonly PinnedSettings _pinned;
    private readonly DeviceHearing _hearing;
    private readonly TimeProvider _time;
    private readonly TimeSpan _trialLasts;
    private ILogger _log = NullLogger.Instance;
    private SettingsBook _book;
    private BoxSettings _effective;
    private Trial? _trial;
    private string? _fault;
    private bool _unreadable;

    public SettingsDesk(SettingsFile file, PinnedSettings pinned, DeviceHearing hearing, TimeProvider time, TimeSpan trialLasts)
    {
        (_file, _pinned, _hearing, _time, _trialLasts) = (file, pinned, hearing, time, trialLasts);
        _book = Read();
        BoxSettings set = _book.InEffect?.Settings ?? new BoxSettings { Ward = pinned.Ward };
        _effective = pinned.Over(set);
        if (_book.InEffect is null || _effective.Differences(set).Count > 0)
        {
            // A new box, or another configuration: what it says from now on is a version too.
            SettingsVersion first = New(SettingsOrigin.Configuration, SettingsOutcome.Applied, _effective);
            _ = TryKeep(_book.With(first) with { Current = first.Number }, evenWithoutDisk: true);
        }
        else if (_file.IsInTheClear)
        {
            _ = TryKeep(_book);
        }
    }

    /// <summary>What is wrong with the file of the settings, and what can be done; null = nothing.</summary>
    public Sentence? Note => _file.Damage;

    /// <summary>Told when other ports are to be open, with what is in effect then. It is called under the desk's lock and must not call the desk.</summary>
    public Action<BoxSettings> PortsChanged { get; set; } = _ => { };

    /// <summary>Where it logs; it stands before there is a log.</summary>
    public void LogTo(ILogger<SettingsDesk> log) => _log = log;

    /// <summary>What the ward says, pinned values included. Asked by every request and frame.</summary>
    public WardSettings Ward => Volatile.Read(ref _effective).Ward;

    public SettingsState State
    {
        get
        {
            lock (_gate)
            {
                SettingsDraft? draft = _book.Draft is var (rests, settings)
                    ? new SettingsDraft(rests, settings, settings.Differences(_effective), SettingsCheck.Faults(settings, _pinned))
                    : null;
                return new SettingsState(_effective, _pinned.Names, draft, Shown(), [.. _book.Versions.Reverse()], _fault ?? _file.Damage?.En);
            }
        }
    }

    public SettingsReply Prepare(SettingsForm form, int rests)
    {
        lock (_gate)
        {
            if (_trial is not null || rests != _book.Current)
            {
                return SettingsReply.Conflict;
            }

            return form.Over(_effective) is not { } settings ? SettingsReply.Faulty
                : TryKeep(_book with { Draft = (rests, settings) }) ? SettingsReply.Done
                : SettingsReply.NotStored;
        }
    }

    public SettingsReply Discard()
    {
        lock (_gate)
        {
            return _book.Draft is null ? SettingsReply.Nothing : TryKeep(_book with { Draft = null }) ? SettingsReply.Done : SettingsReply.NotStored;
        }
    }

    public SettingsReply Apply()
    {
        lock (_gate)
        {
            if (_book.Draft is not var (rests, settings))
            {
                return SettingsReply.Nothing;
            }

            return rests != _book.Current ? SettingsReply.Conflict : Begin(SettingsOrigin.Screen, settings);
        }
    }

    public SettingsReply Return(int number)
    {
        lock (_gate)
        {
            // What the configuration says by now holds for an old version too.
            return _book.Versions.FirstOrDefault(version => version.Number == number) is { } earlier
                ? Begin(SettingsOrigin.Undo, _pinned.Over(earlier.Settings))
                : SettingsReply.Nothing;
        }
    }

    public SettingsReply Confirm()
    {
        lock (_gate)
        {
            if (_trial is not { } trial)
            {
                return SettingsReply.Nothing;
            }

            _hearing.Look();
            if (Lost(trial).Count > 0)
            {
                return SettingsReply.DeviceLost;
            }

            if (!TryKeep(_book.Became(trial.Number, SettingsOutcome.Confirmed) with { Current = trial.Number }))
            {
                return SettingsReply.NotStored;
            }

            _trial = null;
            LogEnded(trial.Number, nameof(SettingsOutcome.Confirmed));
            return SettingsReply.Done;
        }
    }

    public SettingsReply TakeBack()
    {
        lock (_gate)
        {
            if (_trial is not { } trial)
            {
                return SettingsReply.Nothing;
            }

            End(trial, SettingsOutcome.TakenBack);
            return SettingsReply.Done;
        }
    }

    /// <summary>Ends a trial whose time is over.</summary>
    public void Look()
    {
        _hearing.Look();
        lock (_gate)
        {
            if (_trial is { } trial && _time.GetElapsedTime(trial.Since) >= _trialLasts)
            {
                End(trial, Lost(trial).Count > 0 ? SettingsOutcome.DeviceLost : SettingsOutcome.Unconfirmed);
            }
        }
    }

    private SettingsReply Begin(SettingsOrigin origin, BoxSettings settings)
    {
        if (_trial is not null)
        {
            return SettingsReply.Conflict;
        }

        if (settings.Differences(_effective).Count == 0 || SettingsCheck.Faults(settings, _pinned).Count > 0)
        {
            return SettingsReply.Faulty;
        }

        bool onTrial = !settings.SamePorts(_effective);
        SettingsVersion next = New(origin, onTrial ? SettingsOutcome.OnTrial : SettingsOutcome.Applied, settings);
        SettingsBook book = _book.With(next) with { Draft = null };
        _hearing.Look();
        IReadOnlySet<string> before = _hearing.Received();
        if (!TryKeep(onTrial ? book : book with { Current = next.Number }))
        {
            return SettingsReply.NotStored;
        }

        BoxSettings former = _effective;
        Volatile.Write(ref _effective, settings);
        if (onTrial)
        {
            PortsChanged(settings);
            _trial = new Trial(next.Number, former, before, _time.GetTimestamp());
        }

        LogBegan(next.Number, onTrial);
        return SettingsReply.Done;
    }

    private void End(Trial trial, SettingsOutcome outcome)
    {
        _trial = null;
        Volatile.Write(ref _effective, trial.Former);
        PortsChanged(trial.Former);

        // Where the disk does not take it, the file still says that it is on trial: it is not in effect after a start either.
        _ = TryKeep(_book.Became(trial.Number, outcome), evenWithoutDisk: true);
        LogEnded(trial.Number, outcome.ToString());
    }

    private SettingsTrial? Shown() => _trial is not { } trial ? null
        : new SettingsTrial(trial.Number, Max(TimeSpan.Zero, _trialLasts - _time.GetElapsedTime(trial.Since)), _trialLasts, Lost(trial));

    /// <summary>Devices that were received when the trial began and were not since their ports were opened anew.</summary>
    private IReadOnlyList<string> Lost(Trial trial)
    {
        long since = trial.Since + (long)(Residue.TotalSeconds * _time.TimestampFrequency);
        return [.. trial.Before.Except(_hearing.Received(since)).Order(StringComparer.Ordinal)];
    }

    private SettingsVersion New(SettingsOrigin origin, SettingsOutcome outcome, BoxSettings settings) =>
        new(_book.Next, UtcInstant.FromDateTime(_time.GetUtcNow()), origin, outcome, settings);

    private bool TryKeep(SettingsBook book, bool evenWithoutDisk = false)
    {
        try
        {
            if (_unreadable)
            {
                // What could not be read is not overwritten.
                throw new IOException("what is there could not be read");
            }

            _book = _file.Write(book);
            _fault = null;
            return true;
        }
        catch (Exception failure) when (DiskErrors.Is(failure))
        {
            LogNotStored(failure.Message);
            _fault = "The settings cannot be written to the disk; what is in effect now may be gone after a restart.";
            _book = evenWithoutDisk ? book : _book;
            return false;
        }
    }

    private SettingsBook Read()
    {
        try
        {
            return _file.Read();
        }
        catch (Exception failure) when (DiskErrors.Is(failure))
        {
            LogNotStored(failure.Message);
            _unreadable = true;
            return SettingsBook.Empty;
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(Level = LogLevel.Information, Message = "Settings {Number} take effect; on trial: {OnTrial}")]
    private partial void LogBegan(int number, bool onTrial);

    [LoggerMessage(Level = LogLevel.Information, Message = "The trial of settings {Number} ended: {Outcome}")]
    private partial void LogEnded(int number, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings could not be stored: {Reason}")]
    private partial void LogNotStored(string reason);

    /// <summary>A version that waits to be confirmed.</summary>
    /// <param name="Before">Devices that were received when it began.</param>
    /// <param name="Since">A timestamp of the clock.</param>
    private sealed record Trial(int Number, BoxSettings Former, IReadOnlySet<string> Before, long Since);
}
