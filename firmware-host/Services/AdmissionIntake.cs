using System.Buffers.Binary;
using Bedside.Host.Options;
using Bedside.Identity;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;

namespace Bedside.Host.Services;

/// <summary>
/// Admissions (ADT) and the patients that devices name: who they are goes to the vault, that they came and went to the desk of the stays, both on the disk before a message is accepted.
/// Nothing else of them is kept, logged or shown. Events of visits that have nothing to do with this bed wait in the vault as tokens, and are said once they have.
/// </summary>
internal sealed partial class AdmissionIntake(VaultPlace place, IStayDesk desk, AdmissionSettings settings, Store store, TimeProvider time, ILogger<AdmissionIntake> log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly AdmissionReader _reader = new(settings.Zone);
    private readonly RepeatedMessages _said = new();
    private bool _toldOfNoBed;

    /// <summary>Messages by what became of them: said, waiting, unused, refused, repeated, failed.</summary>
    public IReadOnlyDictionary<string, long> Counts
    {
        get
        {
            lock (_counts)
            {
                return new Dictionary<string, long>(_counts, StringComparer.Ordinal);
            }
        }
    }

    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Takes one message for which <see cref="AdmissionReader.IsAdmission"/> is true; accepted = on the disk.</summary>
    public async Task<Receipt> TakeAsync(Hl7Message message, UtcInstant arrived, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            return await TakeAloneAsync(message, arrived, cancel);
        }
        catch (IOException failed)
        {
            Count("failed");
            LogNotKept(failed.Message);
            return new Receipt(Outcome.Error, Word(Hl7Fault.ApplicationError, "the disk did not take it; send it again, and look at the health page of the box"));
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _heard.Dispose();
    }

    private async Task<Receipt> TakeAloneAsync(Hl7Message message, UtcInstant arrived, CancellationToken cancel)
    {
        AdmissionReading reading = _reader.Read(message, arrived);
        if (reading.Refusal is { } refusal)
        {
            Count("refused");
            LogRefused(refusal.Place, refusal.Reason);
            return new Receipt(Outcome.Rejected, refusal);
        }

        desk.HearAdmissions(arrived);
        string sender = message.Header.Field(3).Component(1).Text;
        if (reading.Admissions.Count == 0 || settings.BedFor(sender) is not { } bed)
        {
            Count("unused");
            return reading.Admissions.Count == 0 ? Accepted(reading.Words) : NoBed();
        }

        IdentityVault vault = place.Open();
        UInt128 key = RepeatedMessages.KeyOf(message) ?? vault.ContentOf(message.Bytes.Span, -1);
        if (_said.Contains(key, time.MonotonicNow()))
        {
            Count("repeated");
            return new Receipt(Outcome.Accepted);
        }

        var tokens = new AdmissionTokens(vault, settings);
        bool isOfBed = false;
        bool isNamed = false;
        for (int i = 0; i < reading.Admissions.Count; i++)
        {
            Admission one = reading.Admissions[i];
            StayEvent said = tokens.EventOf(one, bed, arrived, ContentOf(vault, key, i));
            bool hasName = said.Visit.IsKnown || said.Person.IsKnown;
            isNamed |= hasName;
            isOfBed |= hasName && await SayOrKeepAsync(vault, tokens, one, said, cancel);
        }

        vault.Save();
        _said.Add(key, time.MonotonicNow());
        Count(isOfBed ? "said" : isNamed ? "waiting" : "unused");
        if (isOfBed)
        {
            HearAgain();
        }

        return isNamed ? Accepted(reading.Words) : new Receipt(Outcome.Accepted, Word(Hl7Fault.RequiredField, "received; neither the patient nor the visit has a number, so nothing is made of it"));
    }

    /// <summary>True = it has to do with this bed, and the desk has it.</summary>
    private async Task<bool> SayOrKeepAsync(IdentityVault vault, AdmissionTokens tokens, Admission from, StayEvent said, CancellationToken cancel)
    {
        foreach (PatientSaid? patient in (PatientSaid?[])[from.Patient, from.Other])
        {
            if (patient is not null && tokens.NumberOf(patient.Person.Numbers) is { } number)
            {
                vault.HearAuthority(number);
            }
        }

        if (!Touches(vault, said))
        {
            if (said.Kind != StayEventKind.Planned && (said.Visit.IsKnown || said.OtherPerson.IsKnown))
            {
                vault.Wait(said);
            }

            return false;
        }

        KeepIdentities(vault, from, said);
        vault.Save();
        await HandOverAsync(vault, vault.WaitingFor(said.Visit, said.Person, allVisits: false), cancel);
        if (said.OtherVisit.IsKnown)
        {
            await HandOverAsync(vault, vault.WaitingFor(said.OtherVisit, said.OtherPerson, allVisits: false), cancel);
        }

        _ = await desk.SayAsync(said, cancel);
        return true;
    }

    /// <summary>It names this bed, or a visit that was here, or a person who is here by what a device or a person at the bed says.</summary>
    private bool Touches(IdentityVault vault, StayEvent said)
    {
        bool isOfPersons = !said.Visit.IsKnown || said.Kind is StayEventKind.MergePersons or StayEventKind.MoveVisit;
        return said.Place == Place.Here || said.Before == Place.Here || said.OtherPlace == Place.Here
            || vault.IsOfBed(said.Visit) || vault.IsOfBed(said.OtherVisit)
            || (isOfPersons && (vault.IsOfBed(said.Person) || vault.IsOfBed(said.OtherPerson)))
            || IsHere(vault, said.Person);
    }

    private bool IsHere(IdentityVault vault, PersonToken person) =>
        person.IsKnown && (vault.IsNamedNow(person) || desk.Spans.Any(span => span.To is null && span.Person.IsKnown && vault.SurvivorOf(span.Person) == vault.SurvivorOf(person)));

    private static void KeepIdentities(IdentityVault vault, Admission from, StayEvent said)
    {
        bool isSwap = said.Kind == StayEventKind.Swap;
        if (said.Person.IsKnown && (!isSwap || said.Place == Place.Here || vault.IsOfBed(said.Visit)))
        {
            vault.Keep(said.Person, AdmissionTokens.FactsOf(from.Patient.Person), said.Arrived);
        }

        if (isSwap && from.Other is { } other && said.OtherPerson.IsKnown && (said.OtherPlace == Place.Here || vault.IsOfBed(said.OtherVisit)))
        {
            vault.Keep(said.OtherPerson, AdmissionTokens.FactsOf(other.Person), said.Arrived);
        }

        KeepTies(vault, said);
    }

    /// <summary>Which visits are this bed's from now on, and who is whom.</summary>
    private static void KeepTies(IdentityVault vault, StayEvent said)
    {
        if (said.Visit.IsKnown)
        {
            vault.KeepVisit(said.Visit, said.Person, said.Arrived);
        }

        if (said.OtherVisit.IsKnown)
        {
            vault.KeepVisit(said.OtherVisit, said.Kind == StayEventKind.Swap ? said.OtherPerson : said.Person, said.Arrived);
        }

        if (said.Kind == StayEventKind.MergePersons && said.Person.IsKnown && said.OtherPerson.IsKnown)
        {
            _ = vault.Merge(said.OtherPerson, said.Person);
        }
    }

    /// <summary>What waited is said in its order, and waits no more. Said twice, after a crash between the two, it is the same: the desk knows contents.</summary>
    private async Task HandOverAsync(IdentityVault vault, IReadOnlyList<StayEvent> waiting, CancellationToken cancel)
    {
        foreach (StayEvent one in waiting)
        {
            _ = await desk.SayAsync(one, cancel);
            KeepTies(vault, one);
        }

        if (waiting.Count > 0)
        {
            vault.Release(waiting);
            vault.Save();
        }
    }

    private static UInt128 ContentOf(IdentityVault vault, UInt128 message, int part)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, message);
        return vault.ContentOf(bytes, part);
    }

    private Receipt NoBed()
    {
        const string text = "admissions (ADT) come, but no stay is made of them until --hl7-bed says which bed is this one";
        if (!_toldOfNoBed)
        {
            _toldOfNoBed = true;
            LogNoBed();
            var now = UtcInstant.FromDateTime(time.GetUtcNow());
            store.TryAppend(new AnnotationBlock { Signal = SignalNumber.None, Start = now, Key = $"box/hl7-admissions/{now.UnixNanoseconds}", Kind = "hl7-admissions", Text = text, Source = "box" });
        }

        return new Receipt(Outcome.Accepted, Word(0, text));
    }

    private static Receipt Accepted(IReadOnlyList<Hl7Fault> words) => new(Outcome.Accepted, words.Count > 0 ? words[0] : null);

    private static Hl7Fault Word(int code, string text) => new(code, string.Empty, 0, 0, text);

    private void Count(string what)
    {
        lock (_counts)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Admissions are answered with an error: {Reason}")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A message of the admissions is refused, {Place}: {Reason}")]
    private partial void LogRefused(string place, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Admissions (ADT) come, but no stay is made of them until --hl7-bed says which bed is this one")]
    private partial void LogNoBed();
}
