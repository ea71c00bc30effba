using System.Globalization;
using System.Text;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Viewer;

/// <summary>
/// A desk that keeps what it is told in memory. It settles and takes back, and makes no stays of its own: those that the record makes are told to it.
/// </summary>
internal sealed class DeskInMemory : IStayDesk
{
    private readonly List<StayEvent> _record = [];
    private readonly List<StayTask> _tasks = [];
    private readonly Dictionary<string, PersonToken> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _version = 1;

    /// <summary>True: the disk takes nothing.</summary>
    public bool DiskFull { get; set; }

    public long Version => Interlocked.Read(ref _version);

    public IReadOnlyList<StaySpan> Spans { get; set; } = [];

    public UtcInstant? AdmissionsHeard { get; set; }

    public IReadOnlyList<StayTask> Tasks
    {
        get
        {
            lock (_gate)
            {
                return [.. _tasks.OrderBy(task => task.Settled == 0 ? 0 : 1)];
            }
        }
    }

    /// <summary>Everything that was said, ascending.</summary>
    public IReadOnlyList<StayEvent> Record
    {
        get
        {
            lock (_gate)
            {
                return [.. _record];
            }
        }
    }

    public IReadOnlyList<StayEvent> Wishes => [.. Record.Where(said => StayWishes.Is(said.Kind))];

    public PersonToken Knows(string number)
    {
        var token = new PersonToken(Token(number));
        _numbers[number] = token;
        return token;
    }

    public void Ask(StayTask task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
        }

        Interlocked.Increment(ref _version);
    }

    public long Keep(StayEvent said)
    {
        lock (_gate)
        {
            StayEvent kept = said with { Number = _record.Count + 1 };
            _record.Add(kept);
            switch (kept.Kind)
            {
                case StayEventKind.Settled:
                    Change(task => task.Key == kept.Task, task => task with { Settled = kept.Number });
                    break;
                case StayEventKind.Undone:
                    Change(task => task.Settled.ToString(CultureInfo.InvariantCulture) == kept.Task, task => task with { Settled = 0 });
                    break;
            }

            Interlocked.Increment(ref _version);
            return kept.Number;
        }
    }

    public Task<long> SayAsync(StayEvent said, CancellationToken cancel) =>
        DiskFull ? Task.FromException<long>(new IOException("No space left on device")) : Task.FromResult(Keep(said));

    public StayEvent? Said(long number)
    {
        lock (_gate)
        {
            return number > 0 && number <= _record.Count ? _record[(int)number - 1] : null;
        }
    }

    public PersonToken PersonOf(string wristband) => _numbers.GetValueOrDefault(wristband);

    /// <summary>16 bytes that look like what a keyed hash gives.</summary>
    public static UInt128 Token(string of)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes($"token of {of}"));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private void Change(Predicate<StayTask> which, Func<StayTask, StayTask> how)
    {
        for (int i = 0; i < _tasks.Count; i++)
        {
            if (which(_tasks[i]))
            {
                _tasks[i] = how(_tasks[i]);
            }
        }
    }
}
