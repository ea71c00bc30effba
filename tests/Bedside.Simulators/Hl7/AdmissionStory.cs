using System.Globalization;

namespace Bedside.Simulators.Hl7;

/// <summary>A patient who never lived. The number changes with merges and corrections, the visit with each admission.</summary>
public sealed class SimulatedPatient(int first, int visit)
{
    private static readonly string[] GivenNames = ["ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT"];

    public required int Number { get; set; }

    public int Visit => visit;

    public string Bed { get; set; } = string.Empty;

    public long Admitted { get; set; }

    /// <summary>Obviously nobody's.</summary>
    public string Family => string.Create(CultureInfo.InvariantCulture, $"TEST-{first:D4}");

    public string Given => GivenNames[first % GivenNames.Length];

    public string BirthDate => string.Create(CultureInfo.InvariantCulture, $"19{30 + (first % 60)}0{1 + (first % 9)}1{first % 9}");

    public string Sex => first % 2 == 0 ? "F" : "M";
}

/// <summary>One message of the admissions, before it is written.</summary>
/// <param name="Event"><c>A01</c> and so on.</param>
/// <param name="Happened">EVN-6, nanoseconds of the simulation's clock; a cancel has that of what it cancels.</param>
/// <param name="Recorded">EVN-2.</param>
public sealed record AdmissionNews(string Event, SimulatedPatient Patient, int Number, string Bed, string Before, long Happened, long Recorded)
{
    /// <summary>Where and whose the second patient of a swap is.</summary>
    public (SimulatedPatient Patient, string Bed, string Before)? Other { get; init; }

    /// <summary>MRG-1.</summary>
    public int? FormerNumber { get; init; }

    public bool IsDischarged { get; init; }
}

/// <summary>
/// What happens in a unit of eight beds, from a seed: admissions, transfers, discharges, mistakes that are cancelled, patients who turn out to be others. About half of it concerns the bed
/// of the box. The truth is in <see cref="InBed"/>.
/// </summary>
public sealed class AdmissionStory(long seed, string bed)
{
    private const int OtherBeds = 7;
    private const int FirstNumber = 40;

    private readonly Random _random = new(unchecked((int)seed));
    private readonly List<SimulatedPatient> _patients = [];
    private readonly string[] _beds = [bed, .. Enumerable.Range(1, OtherBeds).Select(i => string.Create(CultureInfo.InvariantCulture, $"{bed}-{i}"))];
    private int _numbers = FirstNumber;
    private int _visits = 100;

    /// <summary>Who lies in the box's bed; null = nobody.</summary>
    public SimulatedPatient? InBed => _patients.Find(patient => patient.Bed == bed);

    /// <summary>The next thing that happens, as one message or several.</summary>
    public IReadOnlyList<AdmissionNews> Next(long now)
    {
        if (_patients.Count == 0)
        {
            return Admit(bed, now);
        }

        int dice = _random.Next(100);
        return InBed is { } here ? WithPatient(here, dice, now) : dice < 60 ? ComeIn(now) : Elsewhere(dice, now);
    }

    /// <summary>The event again, its cancel, and once more: somebody typed before thinking. Null where an event has no cancel.</summary>
    public static AdmissionNews? CancelOf(AdmissionNews news, long now)
    {
        string? cancel = news.Event switch { "A01" => "A11", "A02" => "A12", "A03" => "A13", _ => null };
        return cancel is null ? null : news with { Event = cancel, Recorded = now, IsDischarged = false };
    }

    private IReadOnlyList<AdmissionNews> WithPatient(SimulatedPatient here, int dice, long now) => dice switch
    {
        < 14 => [News("A08", here, now)],
        < 28 => Transfer(here, Free(), now),
        < 38 => Discharge(here, now),
        < 46 => Reopen(here, now),
        < 72 => Elsewhere(_random.Next(100), now),
        < 78 => Swap(here, now),
        < 82 => Renumber("A40", here, now),
        < 85 => Renumber("A47", here, now),
        < 88 => Renumber("A45", here, now),
        < 92 => TransferByMistake(here, now),
        < 95 => [News("A21", here, now), News("A22", here, now)],
        < 97 => [News("A14", here, now), News("A05", here, now)],
        _ => [News("A60", here, now), News("A31", here, now)],
    };

    private IReadOnlyList<AdmissionNews> ComeIn(long now)
    {
        SimulatedPatient? other = Other();
        return other is not null && _random.Next(2) == 0 ? Transfer(other, bed, now) : Admit(bed, now);
    }

    private IReadOnlyList<AdmissionNews> Elsewhere(int dice, long now)
    {
        if (Other() is not { } other || dice < 40)
        {
            return Free() is { Length: > 0 } free ? Admit(free, now) : [];
        }

        return dice switch
        {
            < 60 => Transfer(other, Free(), now),
            < 80 => Discharge(other, now),
            < 90 => Reopen(other, now),
            _ => [News("A08", other, now)],
        };
    }

    private IReadOnlyList<AdmissionNews> Admit(string where, long now)
    {
        var patient = new SimulatedPatient(++_numbers, ++_visits) { Number = _numbers, Bed = where, Admitted = now };
        _patients.Add(patient);
        return [News("A01", patient, now)];
    }

    private IReadOnlyList<AdmissionNews> Transfer(SimulatedPatient patient, string to, long now)
    {
        if (to.Length == 0)
        {
            return [News("A08", patient, now)];
        }

        string before = patient.Bed;
        patient.Bed = to;
        return [News("A02", patient, now) with { Before = before }];
    }

    private IReadOnlyList<AdmissionNews> TransferByMistake(SimulatedPatient patient, long now)
    {
        string to = Free();
        if (to.Length == 0)
        {
            return [News("A08", patient, now)];
        }

        AdmissionNews moved = News("A02", patient, now) with { Bed = to, Before = patient.Bed };
        return [moved, moved with { Event = "A12", Bed = patient.Bed, Before = to }];
    }

    private IReadOnlyList<AdmissionNews> Discharge(SimulatedPatient patient, long now)
    {
        AdmissionNews gone = News("A03", patient, now) with { IsDischarged = true };
        patient.Bed = string.Empty;
        _ = _patients.Remove(patient);
        return [gone];
    }

    private IReadOnlyList<AdmissionNews> Reopen(SimulatedPatient patient, long now)
    {
        AdmissionNews gone = News("A03", patient, now) with { IsDischarged = true };
        return [gone, gone with { Event = "A13", IsDischarged = false }];
    }

    private IReadOnlyList<AdmissionNews> Swap(SimulatedPatient here, long now)
    {
        if (Other() is not { } other)
        {
            return [News("A08", here, now)];
        }

        (string mine, string theirs) = (here.Bed, other.Bed);
        (here.Bed, other.Bed) = (theirs, mine);
        return [News("A17", here, now) with { Before = mine, Other = (other, mine, theirs) }];
    }

    /// <summary>The patient is known by another number from now on.</summary>
    private IReadOnlyList<AdmissionNews> Renumber(string name, SimulatedPatient patient, long now)
    {
        int former = patient.Number;
        patient.Number = ++_numbers;
        return [News(name, patient, now) with { FormerNumber = former }];
    }

    private static AdmissionNews News(string name, SimulatedPatient patient, long now) => new(name, patient, patient.Number, patient.Bed, string.Empty, now, now);

    private SimulatedPatient? Other()
    {
        SimulatedPatient[] others = [.. _patients.Where(patient => patient.Bed != bed)];
        return others.Length == 0 ? null : others[_random.Next(others.Length)];
    }

    /// <summary>A free bed that is not the box's; empty = the unit is full.</summary>
    private string Free()
    {
        string[] free = [.. _beds.Skip(1).Where(one => !_patients.Exists(patient => patient.Bed == one))];
        return free.Length == 0 ? string.Empty : free[_random.Next(free.Length)];
    }
}
