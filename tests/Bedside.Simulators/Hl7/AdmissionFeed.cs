namespace Bedside.Simulators.Hl7;

/// <summary>When messages of the admissions are sent, and what goes wrong on their way: late, shuffled, twice, lost, taken back and said again.</summary>
public sealed class AdmissionFeed
{
    public const string Late = "adt-late";
    public const string Shuffled = "adt-shuffled";
    public const string Duplicate = "adt-duplicate";
    public const string Lost = "adt-lost";
    public const string Cancel = "adt-cancel";

    private const int ShuffledAtOnce = 4;
    private const int LateBy = 3;

    private readonly FaultSchedule _faults;
    private readonly AdmissionStory _story;
    private readonly AdmissionPages _pages;
    private readonly Random _random;
    private readonly long _every;
    private readonly List<(int Step, string Message)> _held = [];
    private readonly List<string> _group = [];
    private int _step;
    private long _next;

    public AdmissionFeed(Simulation simulation, string bed, long every)
    {
        _faults = simulation.Faults;
        _story = new AdmissionStory(simulation.Arguments.Seed, bed);
        _pages = new AdmissionPages(simulation.Clock.StartedAt);
        _random = new Random(unchecked((int)simulation.Arguments.Seed));
        _every = every;
    }

    public static IReadOnlyList<FaultKind> Faults { get; } =
    [
        new(Late, 30, 60, "messages of the admissions come three happenings late"),
        new(Shuffled, 30, 60, "messages of the admissions come in another order, four at a time"),
        new(Duplicate, 30, 60, "messages of the admissions come twice"),
        new(Lost, 30, 20, "messages of the admissions do not come"),
        new(Cancel, 30, 60, "admissions, transfers and discharges are cancelled and said again"),
    ];

    /// <summary>Who lies in the bed in truth.</summary>
    public SimulatedPatient? InBed => _story.InBed;

    /// <summary>What is due now.</summary>
    public IReadOnlyList<string> Due(long now)
    {
        var due = new List<string>();
        for (; now >= _next; _next += _every, _step++)
        {
            foreach (AdmissionNews news in _story.Next(_next))
            {
                Send(news, due);
            }

            foreach ((int step, string message) in _held.Where(one => one.Step <= _step || !_faults.Active(Late)).ToArray())
            {
                due.Add(message);
                _ = _held.Remove((step, message));
            }
        }

        if (_group.Count >= ShuffledAtOnce || (_group.Count > 0 && !_faults.Active(Shuffled)))
        {
            string[] shuffled = [.. _group];
            _random.Shuffle(shuffled);
            due.AddRange(shuffled);
            _group.Clear();
        }

        return due;
    }

    private void Send(AdmissionNews news, List<string> due)
    {
        AdmissionNews[] all = _faults.Active(Cancel) && AdmissionStory.CancelOf(news, _next) is { } cancel ? [news, cancel, news] : [news];
        foreach (string message in all.Select(one => _pages.Write(one, _next)))
        {
            if (_faults.Active(Lost))
            {
                continue;
            }

            for (int i = _faults.Active(Duplicate) ? 2 : 1; i > 0; i--)
            {
                if (_faults.Active(Late))
                {
                    _held.Add((_step + LateBy, message));
                }
                else
                {
                    (_faults.Active(Shuffled) ? _group : due).Add(message);
                }
            }
        }
    }
}
