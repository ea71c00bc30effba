using System.Collections.Frozen;
using System.Globalization;
using Bedside.Extract.Fhir;

namespace Bedside.Viewer.Fhir;

/// <summary>A search for Observations, understood: which series, whose, when, how sorted and how many at a time.</summary>
internal sealed class ObservationQuery
{
    public const int DefaultCount = 100;
    public const int MostCount = 1000;

    private const long Second = 1_000_000_000;
    private const long DefaultReach = 300 * Second;
    private const long Millisecond = 1_000_000;
    private const long Microsecond = 1_000;

    /// <summary>Parameters that are never left out: a value that cannot be understood is an error.</summary>
    private static readonly FrozenSet<string> Strict =
        FrozenSet.Create("code", "combo-code", "category", "patient", "subject", "device", "_id", "date", "_lastUpdated", "_count");

    private static readonly FrozenSet<string> Silent = FrozenSet.Create("_format", "_cursor");
    private static readonly FrozenSet<string> Sorts = FrozenSet.Create("date", "-date");
    private static readonly FrozenSet<string> Includes = FrozenSet.Create("Observation:device", "Observation:device:DeviceMetric");

    private readonly List<IReadOnlyList<SearchDate>> _dates = [];
    private readonly List<IReadOnlyList<SearchDate>> _updates = [];
    private readonly List<(string Name, string Value)> _applied = [];
    private bool _named;
    private bool _sorted;

    private ObservationQuery(FhirRecord record) => Series = record.Series.All;

    public IReadOnlyList<FhirSeries> Series { get; private set; }

    /// <summary>Ids of Patients; null = all.</summary>
    public IReadOnlySet<string>? Patients { get; private set; }

    /// <summary>Ids of Observations; null = all.</summary>
    public IReadOnlySet<string>? Ids { get; private set; }

    public int Count { get; private set; } = DefaultCount;

    /// <summary>Only how many there are is asked.</summary>
    public bool IsCount { get; private set; }

    public bool Descending { get; private set; }

    public bool IncludesDevice { get; private set; }

    /// <summary>The parameters that were really applied.</summary>
    public IReadOnlyList<(string Name, string Value)> Applied => _applied;

    /// <summary>What begins earlier cannot fit.</summary>
    public long From { get; private set; } = PatientTimeline.Beginning;

    /// <summary>Nor what begins at or after this.</summary>
    public long To { get; private set; } = PatientTimeline.End;

    /// <summary>Reads the parameters; <c>IsPaged</c> = a search that may be long, and not the newest of each code.</summary>
    public static bool TryRead(FhirRecord record, FhirLinks links, SearchPairs pairs, (long Now, bool IsPaged) asked, out ObservationQuery query, out FhirProblem problem)
    {
        query = new ObservationQuery(record);
        foreach ((string name, string value) in pairs.All)
        {
            FhirProblem? wrong = query.Take(record, links, name, value, (asked.Now, pairs.IsStrict));
            if (wrong is not null)
            {
                problem = wrong;
                return false;
            }
        }

        query.Complete(record, asked.Now, asked.IsPaged);
        problem = FhirProblem.None;
        return true;
    }

    /// <summary>Whether an Observation's own times and id are those that are asked for.</summary>
    public bool Fits(FhirItem item, string? id)
    {
        long unit = item.SampleIndex is null ? Millisecond : Microsecond;
        long start = item.Start - Modulo(item.Start, unit);
        long end = item.Last - Modulo(item.Last, unit) + unit;
        long updated = item.Updated - Modulo(item.Updated, Millisecond);
        return _dates.TrueForAll(any => any.Any(date => date.Fits(start, end)))
            && _updates.TrueForAll(any => any.Any(date => date.Fits(updated, updated + Millisecond)))
            && (Ids is null || (id is not null && Ids.Contains(id)));
    }

    private static long Modulo(long value, long unit) => ((value % unit) + unit) % unit;

    private FhirProblem? Take(FhirRecord record, FhirLinks links, string name, string value, (long Now, bool IsStrict) asked)
    {
        if (Silent.Contains(name))
        {
            return null;
        }

        bool applied = name switch
        {
            "code" => Narrow(value, (series, token) => series.Codes.Any(token.Fits), named: true),
            "combo-code" => Narrow(value, (series, token) => series.Codes.Any(token.Fits) || series.Parts.Any(part => part.Codes.Any(token.Fits)), named: true),
            "category" => Narrow(value, (series, token) => series.IsVitalSign && token.Fits(FhirCoding.Category, "vital-signs"), named: false),
            "patient" => TakePatients(links.Ids(value, "Patient", isPlainAllowed: true)),
            "subject" => TakePatients(links.Ids(value, "Patient", isPlainAllowed: true)),
            "device" => TakeDevices(record, links.Ids(value, "DeviceMetric", isPlainAllowed: true)),
            "_id" => TakeIds(value),
            "date" => TakeDates(_dates, value, record.Rules.Zone, asked.Now),
            "_lastUpdated" => TakeDates(_updates, value, record.Rules.Zone, asked.Now),
            "_count" => TakeCount(ref value),
            "_summary" when value == "count" => IsCount = true,
            "_summary" when value == "false" => true,
            "_sort" when Sorts.Contains(value) => TakeSort(value),
            "_include" when Includes.Contains(value) => IncludesDevice = true,
            _ => false,
        };
        if (applied)
        {
            _applied.Add((name, value));
            return null;
        }

        return Unusable(name, value, asked.IsStrict);
    }

    /// <summary>A value that is wrong is always an error; a parameter that is not known is left out unless the client is strict.</summary>
    private static FhirProblem? Unusable(string name, string value, bool isStrict)
    {
        if (Strict.Contains(name))
        {
            return FhirProblem.Invalid($"{name}={Short(value)} cannot be understood.");
        }

        if (name.Split(':') is [var plain, _, ..] && (Strict.Contains(plain) || plain.StartsWith('_')))
        {
            return FhirProblem.NotSupported($"The modifier of {Short(name)} is not supported.");
        }

        return isStrict ? FhirProblem.NotSupported($"{Short(name)}={Short(value)} is not supported; /fhir/metadata lists what is.") : null;
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    private bool Narrow(string value, Func<FhirSeries, SearchToken, bool> fits, bool named)
    {
        if (SearchToken.Read(value) is not { } tokens)
        {
            return false;
        }

        Series = [.. Series.Where(series => tokens.Any(token => fits(series, token)))];
        _named |= named;
        return true;
    }

    private bool TakePatients(IReadOnlySet<string>? ids)
    {
        Patients = ids is null ? Patients : Patients is null ? ids : ids.Intersect(Patients).ToHashSet(StringComparer.Ordinal);
        return ids is not null;
    }

    private bool TakeDevices(FhirRecord record, IReadOnlySet<string>? ids)
    {
        Series = ids is null ? Series : [.. Series.Where(series => ids.Contains(record.Devices.MetricOf(series)))];
        return ids is not null;
    }

    private bool TakeIds(string value)
    {
        HashSet<string> ids = [.. SearchToken.Split(value, ',').Select(SearchToken.Plain)];
        Ids = Ids is null ? ids : ids.Intersect(Ids).ToHashSet(StringComparer.Ordinal);
        return ids.Count <= MostCount;
    }

    private static bool TakeDates(List<IReadOnlyList<SearchDate>> into, string value, TimeZoneInfo zone, long now)
    {
        SearchDate?[] dates = [.. SearchToken.Split(value, ',').Select(one => SearchDate.Read(one, zone, now))];
        if (dates.Contains(null))
        {
            return false;
        }

        into.Add([.. dates.Select(date => date!)]);
        return true;
    }

    private bool TakeCount(ref string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            return false;
        }

        Count = Math.Min(count, MostCount);
        IsCount |= count == 0;
        value = Count.ToString(CultureInfo.InvariantCulture);
        return true;
    }

    private bool TakeSort(string value)
    {
        Descending = value[0] == '-';
        return _sorted = true;
    }

    /// <summary>The range that can hold anything, the order when none is asked for, and the last minutes where neither what nor when is said.</summary>
    private void Complete(FhirRecord record, long now, bool isPaged)
    {
        if (isPaged && !_named && _dates.Count == 0 && _updates.Count == 0 && Ids is null)
        {
            string since = $"ge{new FhirTime(record.Rules.Zone).ToText(now - DefaultReach)}";
            TakeDates(_dates, since, record.Rules.Zone, now);
            _applied.Add(("date", since));
            Descending |= !_sorted;
            _sorted = true;
        }

        if (!_sorted)
        {
            Descending = _dates.Count == 0 && _updates.Count == 0;
        }

        foreach (IReadOnlyList<SearchDate> any in _dates)
        {
            From = Math.Max(From, any.Min(date => date.After) - FhirRules.ChunkNanoseconds - Millisecond);
            To = Math.Min(To, any.Max(date => date.Before));
        }

        long settle = record.Rules.Settle.Nanoseconds();
        foreach (IReadOnlyList<SearchDate> any in _updates)
        {
            From = Math.Max(From, any.Min(date => date.After) - settle - FhirRules.ChunkNanoseconds - Millisecond);
            To = Math.Min(To, any.Max(date => date.Before) - settle);
        }

        From = Math.Max(From, PatientTimeline.Beginning);
    }
}
