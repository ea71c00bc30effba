using Bedside.Model;
using Bedside.Model.People;
using Microsoft.Extensions.Hosting;

namespace Bedside.Viewer.People;

/// <summary>
/// Emergencies, kept for whoever reviews them. Opening the box waits for no disk: what could not be written yet waits in memory and is tried again.
/// </summary>
internal sealed class EmergencyBook(IAccountBook accounts, TimeProvider time, PeopleTrail trail) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);
    private readonly List<(UtcInstant At, string Reason, string Source)> _waiting = [];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _came = new(0);

    public IReadOnlyList<BreakGlass> All
    {
        get
        {
            lock (_gate)
            {
                AccountList list = accounts.Current;
                return _waiting.Aggregate(list, (sum, one) => AccountRules.Open(sum, one.At, one.Reason, one.Source)).Emergencies;
            }
        }
    }

    public void Keep(string reason, string source)
    {
        lock (_gate)
        {
            if (_waiting.Count < AccountLimits.MostEmergencies)
            {
                _waiting.Add((time.Instant(), reason, source));
            }
        }

        _came.Release();
    }

    public override void Dispose()
    {
        _came.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _came.WaitAsync(stoppingToken);
            while (!TryWrite())
            {
                await Task.Delay(Again, time, stoppingToken);
            }
        }
    }

    private bool TryWrite()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                return true;
            }

            try
            {
                accounts.Change(list => new AccountChange(_waiting.Aggregate(list, (sum, one) => AccountRules.Open(sum, one.At, one.Reason, one.Source))));
                _waiting.Clear();
                return true;
            }
            catch (IOException failed)
            {
                trail.DiskFailed(failed.Message);
                return false;
            }
        }
    }
}
