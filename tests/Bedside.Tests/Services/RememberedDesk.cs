using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Services;

/// <summary>A desk that keeps events in memory as the contract says: in order, one content once.</summary>
internal sealed class RememberedDesk : IStayDesk
{
    private readonly List<StayEvent> _said = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _awaited = [];

    public long Version => _said.Count;

    public IReadOnlyList<StaySpan> Spans { get; set; } = [];

    public IReadOnlyList<StayTask> Tasks => [];

    public UtcInstant? AdmissionsHeard { get; private set; }

    /// <summary>Calls that the disk refuses, from now on.</summary>
    public int Fails { get; set; }

    public Func<string, PersonToken> Persons { get; set; } = _ => default;

    public IReadOnlyList<StayEvent> Said
    {
        get
        {
            lock (_said)
            {
                return [.. _said];
            }
        }
    }

    /// <summary>Done once so many events were said.</summary>
    public Task SaidAsync(int count)
    {
        lock (_said)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((count, reached));
            if (_said.Count >= count)
            {
                reached.SetResult();
            }

            return reached.Task;
        }
    }

    public void HearAdmissions(UtcInstant arrived) => AdmissionsHeard = arrived;

    public Task<long> SayAsync(StayEvent said, CancellationToken cancel)
    {
        lock (_said)
        {
            if (Fails > 0)
            {
                Fails--;
                throw new IOException("the disk took nothing");
            }

            int known = said.Content == 0 ? -1 : _said.FindIndex(one => one.Content == said.Content);
            if (known >= 0)
            {
                return Task.FromResult(known + 1L);
            }

            _said.Add(said with { Number = _said.Count + 1 });
            _awaited.FindAll(one => one.Count == _said.Count).ForEach(one => one.Reached.TrySetResult());
            return Task.FromResult((long)_said.Count);
        }
    }

    public PersonToken PersonOf(string wristband) => Persons(wristband);
}
