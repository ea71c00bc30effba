using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bedside.Identity;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Host.Services;

/// <summary>Patients that devices name: the last word of each device is taken by one task, so that no port waits for the disk.</summary>
internal sealed partial class AdmissionIntake
{
    private const int MostDevices = 64;

    /// <summary>A gateway that names nobody for so long has nobody: single messages often leave PID out.</summary>
    private static readonly TimeSpan NobodyAfter = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _heard = new(0);
    private readonly ConcurrentDictionary<string, (DeviceNaming Naming, UtcInstant At)> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DeviceNaming> _last = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MonotonicInstant> _named = new(StringComparer.Ordinal);

    /// <summary>What a driver says of its patient. Any thread; returns at once.</summary>
    public void HearDevice(string device, ImmutableSortedDictionary<string, string> fields) => Hear(device, DeviceNaming.Of(fields), always: false);

    /// <summary>What a message of devices of this bed says of its patient. Any thread; returns at once.</summary>
    public void HearSender(string device, Hl7Message message)
    {
        if (settings.BedFor(message.Header.Field(3).Component(1).Text) is not { } bed || NamedByDevice.Of(message, bed) is not { IsOfBed: true } named)
        {
            return;
        }

        bool isReport = message.Kind.Event == "R01";
        DeviceNaming naming = named.Person is { IsNobody: false } person ? NamingOf(person) : DeviceNaming.Nobody;
        MonotonicInstant now = time.MonotonicNow();
        if (!naming.IsNobody)
        {
            _named[device] = now;
            Hear(device, naming, always: false);
        }
        else if (isReport && (named.HasPerson || !_named.TryGetValue(device, out MonotonicInstant before) || now.Since(before) > NobodyAfter.Ticks * 100))
        {
            Hear(device, naming, always: false);
        }
    }

    /// <summary>Takes what devices said since; true = the disk took it all. What it did not take is tried again by the next call.</summary>
    public async Task<bool> PumpAsync(CancellationToken cancel)
    {
        bool isAll = true;
        foreach ((string device, (DeviceNaming Naming, UtcInstant At) said) in _open)
        {
            await _one.WaitAsync(cancel);
            try
            {
                await TakeNamingAsync(device, said.Naming, said.At, cancel);
                _ = _open.TryRemove(new KeyValuePair<string, (DeviceNaming, UtcInstant)>(device, said));
            }
            catch (IOException failed)
            {
                isAll = false;
                LogNotKept(failed.Message);
            }
            finally
            {
                _one.Release();
            }
        }

        return isAll;
    }

    /// <summary>Waits until a device said something, at most so long.</summary>
    public async Task WaitAsync(TimeSpan most, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            await _heard.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Nobody spoke.
        }
    }

    /// <summary>What is still open is tried again.</summary>
    public void Rouse() => _heard.Release();

    /// <summary>To be called now and then: lets go of what waited for too long, and says what waits of who is in the bed by the word of a person at it.</summary>
    public async Task ElapseAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            IdentityVault vault = place.Open();
            _ = vault.Expire(UtcInstant.FromDateTime(time.GetUtcNow()));
            foreach (StaySpan span in desk.Spans.Where(span => span.To is null))
            {
                await HandOverAsync(vault, vault.WaitingFor(span.Visit, span.Person, allVisits: true), cancel);
            }

            vault.Save();
        }
        catch (IOException failed)
        {
            LogNotKept(failed.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    private DeviceNaming NamingOf(PersonSaid person)
    {
        NumberSaid[] numbers = [.. person.Numbers.Where(number => AdmissionTokens.IsOfPerson(number.Number))];
        // The authority that a device names is often its maker: the number alone counts.
        string number = numbers.Length == 0 ? string.Empty : (new[] { settings.PersonType, "MR", "PI" }.Where(type => type.Length > 0)
            .Select(type => Array.Find(numbers, one => string.Equals(one.Type, type, StringComparison.OrdinalIgnoreCase))).FirstOrDefault(one => one is not null) ?? numbers[0]).Number;
        return new DeviceNaming(number, person.Family.Text, person.Given.Text, person.BirthDate.Text, person.Sex.Text);
    }

    private void Hear(string device, DeviceNaming naming, bool always)
    {
        if (!always && _last.TryGetValue(device, out DeviceNaming? before) && before == naming)
        {
            return;
        }

        if (_last.Count >= MostDevices && !_last.ContainsKey(device))
        {
            return;
        }

        _last[device] = naming;
        _open[device] = (naming, UtcInstant.FromDateTime(time.GetUtcNow()));
        _ = _heard.Release();
    }

    /// <summary>The admissions said something new: a number that was nobody's may be somebody's now.</summary>
    private void HearAgain()
    {
        foreach ((string device, DeviceNaming naming) in _last)
        {
            Hear(device, naming, always: true);
        }
    }

    private async Task TakeNamingAsync(string device, DeviceNaming naming, UtcInstant at, CancellationToken cancel)
    {
        IdentityVault vault = place.Open();
        NamedOnDevice? before = vault.NamedOn(device);
        PersonToken person = naming.Number.Length > 0 ? vault.TokenOf(new PersonNumber(naming.Number, string.Empty, string.Empty))
            : naming.IsNobody ? default
            : vault.PersonNamed(naming.Family, naming.Given, naming.BirthDate);
        UInt128 digest = vault.DigestOf(naming.Number, naming.Family, naming.Given, naming.BirthDate, naming.Sex);
        if (before is { } known ? known.Digest == digest && known.Person == person : !person.IsKnown)
        {
            return;
        }

        if (naming.Number.Length > 0)
        {
            vault.Keep(person, naming.Facts, at);
            vault.Save();
            await HandOverAsync(vault, vault.WaitingFor(default, person, allVisits: true), cancel);
        }

        if (before?.Person != person)
        {
            _ = await desk.SayAsync(new StayEvent { Kind = StayEventKind.MonitorPatient, Source = StaySource.Monitor, Arrived = at, Happened = at, Person = person, By = device }, cancel);
        }

        vault.KeepNamed(device, new NamedOnDevice(person, digest, naming.Number));
        vault.Save();
    }
}
