using Bedside.Extract.Fhir;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.Fhir;

/// <summary>What the FHIR endpoint needs of the box for as long as it runs: keys, rules, who lay in the bed, and how many questions are answered at a time.</summary>
internal sealed class FhirBox : IDisposable
{
    private const int MostAtATime = 4;

    private readonly Store _store;
    private readonly IStayDesk? _desk;
    private readonly TimeProvider _time;
    private readonly FhirSecret _secret;
    private readonly FhirRules _rules;
    private readonly Lock _lock = new();
    private IReadOnlyList<Stay> _stays = [];
    private StayId _current;
    private UtcInstant _listed = new(long.MinValue / 2);

    public FhirBox(Store store, TimeProvider time, BoxRun run, IOptions<ViewerOptions> options, IServiceProvider services)
    {
        _store = store;
        _time = time;
        _desk = services.GetService<IStayDesk>();
        _secret = FhirSecret.Of(store);
        Run = run;
        Options = options.Value;
        TimeZoneInfo zone = TimeZoneInfo.TryFindSystemTimeZoneById(options.Value.Ward().TimeZone, out TimeZoneInfo? known) ? known : TimeZoneInfo.Utc;
        _rules = new FhirRules { Zone = zone, IncludesDemo = options.Value.Demo };
        CursorKey = _secret.KeyFor("cursor");
    }

    public BoxRun Run { get; }

    public ViewerOptions Options { get; }

    public FhirLimits Limits => Options.Fhir;

    public byte[] CursorKey { get; }

    public SemaphoreSlim Places { get; } = new(MostAtATime, MostAtATime);

    public UtcInstant Now => _time.Instant();

    /// <summary>The store as it is now.</summary>
    public FhirRecord Open() => new(_store, PatientTimeline.Of(_store, _desk?.Spans ?? [], Stays(), _secret, _rules.Zone), _secret, _rules);

    public void Dispose()
    {
        _secret.Dispose();
        Places.Dispose();
    }

    /// <summary>Listing them opens every file: once a minute is enough, and at once when another patient's key begins.</summary>
    private IReadOnlyList<Stay> Stays()
    {
        lock (_lock)
        {
            if (_current != _store.CurrentStay || Now.Since(_listed) > TimeSpan.FromMinutes(1).Nanoseconds())
            {
                _stays = _store.ListStays();
                (_current, _listed) = (_store.CurrentStay, Now);
            }

            return _stays;
        }
    }
}
