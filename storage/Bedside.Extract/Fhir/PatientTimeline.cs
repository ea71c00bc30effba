using System.Globalization;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;

namespace Bedside.Extract.Fhir;

/// <summary>A patient in the bed, [From, To), nanoseconds. <see cref="Temporary"/>: nobody said who it is.</summary>
public sealed record PatientSpan(long From, long To, string Pseudonym, bool Temporary)
{
    /// <summary>Id of the Patient.</summary>
    public string Id => $"ps-{Pseudonym}";
}

/// <summary>Why what was captured is of no patient's answers.</summary>
public enum Exclusion
{
    /// <summary>Two sources name two patients.</summary>
    Conflict,

    /// <summary>As far as anybody said the bed was empty.</summary>
    Unattributed,
}

/// <summary>An interval that is left out, [From, To), nanoseconds.</summary>
public readonly record struct ExcludedSpan(long From, long To, Exclusion Why);

/// <summary>Whose data are whose, under pseudonyms, ascending and without overlap.</summary>
public sealed class PatientTimeline
{
    /// <summary>Later than everything; half of it, so that sums do not run over.</summary>
    public const long End = long.MaxValue / 2;

    /// <summary>Earlier than everything.</summary>
    public const long Beginning = -End;

    private readonly TimeZoneInfo _zone;

    private PatientTimeline(IReadOnlyList<PatientSpan> spans, IReadOnlyList<ExcludedSpan> excluded, TimeZoneInfo zone)
    {
        Spans = spans;
        Excluded = excluded;
        _zone = zone;
    }

    public IReadOnlyList<PatientSpan> Spans { get; }

    /// <summary>What no patient's answers hold.</summary>
    public IReadOnlyList<ExcludedSpan> Excluded { get; }

    /// <summary>
    /// From what is known of who lay in the bed. What was captured before anybody spoke of that is of a temporary patient for each key of the store, from its beginning to the next one's; what is older than all is
    /// the first one's. Where that is one patient and the first of whom anybody spoke is unknown too, they are the same.
    /// </summary>
    public static PatientTimeline Of(Store store, IReadOnlyList<StaySpan> known, IReadOnlyList<Stay> keys, FhirSecret secret, TimeZoneInfo zone)
    {
        var spans = new List<PatientSpan>();
        var excluded = new List<ExcludedSpan>();
        long at = known.Count == 0 ? End : known[0].From.UnixNanoseconds;
        if (known.Count == 0 || store.Signals.Any(signal => store.MostIn(signal.Number, new UtcInstant(Beginning), known[0].From) > 0))
        {
            AddKeys(spans, keys, at, secret);
        }

        if (spans.Count == 1 && known is [{ Certainty: StayCertainty.NoPatientYet } first, ..])
        {
            known = [first with { From = new UtcInstant(Beginning) }, .. known.Skip(1)];
            spans.Clear();
        }

        foreach (StaySpan span in known)
        {
            (long from, long to) = (span.From.UnixNanoseconds, span.To?.UnixNanoseconds ?? End);
            if (from > at)
            {
                excluded.Add(new ExcludedSpan(at, from, Exclusion.Unattributed));
            }

            at = Math.Max(at, to);
            if (span.Certainty == StayCertainty.Conflict)
            {
                excluded.Add(new ExcludedSpan(from, to, Exclusion.Conflict));
                continue;
            }

            bool temporary = span.Certainty == StayCertainty.NoPatientYet;
            string about = temporary && span.Stay == StayId.None ? string.Create(CultureInfo.InvariantCulture, $"{span.Stay} {from}") : span.Stay.ToString();
            Add(spans, new PatientSpan(from, to, secret.Name(temporary ? "temporary" : "patient", about), temporary));
        }

        if (at < End)
        {
            excluded.Add(new ExcludedSpan(at, End, Exclusion.Unattributed));
        }

        return new PatientTimeline(spans, excluded, zone);
    }

    public PatientSpan? At(long time)
    {
        int index = IndexAt(time);
        return index >= 0 && time < Spans[index].To ? Spans[index] : null;
    }

    /// <summary>The first midnight or change of the patient after an instant.</summary>
    public long BoundaryAfter(long time)
    {
        int index = IndexAt(time);
        long end = index >= 0 && time < Spans[index].To ? Spans[index].To : index + 1 < Spans.Count ? Spans[index + 1].From : End;
        return Math.Min(end, FhirTime.MidnightAfter(_zone, time));
    }

    private static void AddKeys(List<PatientSpan> spans, IReadOnlyList<Stay> keys, long until, FhirSecret secret)
    {
        Stay[] known = [.. keys.Where(stay => stay is { State: StayState.Current or StayState.Ended, Begun: not null }).OrderBy(stay => stay.Begun)];
        for (int i = 0; i < known.Length; i++)
        {
            long from = i == 0 ? Beginning : known[i].Begun!.Value.UnixNanoseconds; // chosen so above
            long to = i + 1 < known.Length ? known[i + 1].Begun!.Value.UnixNanoseconds : End;
            Add(spans, new PatientSpan(from, Math.Min(to, until), secret.Name("temporary", known[i].Id.ToString()), Temporary: true));
        }

        if (known.Length == 0)
        {
            Add(spans, new PatientSpan(Beginning, until, secret.Name("temporary", StayId.None.ToString()), Temporary: true));
        }
    }

    /// <summary>Spans of one patient that meet are one: nothing needs to be cut there.</summary>
    private static void Add(List<PatientSpan> spans, PatientSpan span)
    {
        if (spans.Count > 0 && spans[^1] is var last && last.To == span.From && last.Pseudonym == span.Pseudonym)
        {
            spans[^1] = last with { To = span.To };
        }
        else if (span.From < span.To)
        {
            spans.Add(span);
        }
    }

    /// <summary>The last span that begins not after an instant; -1 = none.</summary>
    private int IndexAt(long time)
    {
        (int low, int high) = (0, Spans.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Spans[middle].From <= time ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
