using System.Text.RegularExpressions;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Viewer;

/// <summary>What became of a request to store a mark.</summary>
internal enum AnnotationOutcome
{
    Stored,

    /// <summary>The same was stored before: a retry.</summary>
    Repeated,
    Conflicting,
    Unknown,
}

/// <summary>
/// The marks people made, newest version of each; the store keeps all versions. One mark is stored at a time, so that a
/// retry or two screens cannot both win, and it is answered only after it is on disk. Requests read while the hub observes:
/// the lock is held for a look-up, never over I/O.
/// </summary>
internal sealed partial class AnnotationBook(Store store) : IDisposable
{
    /// <summary>Source of what a person marks at the bed.</summary>
    public const string Person = "bed";

    private readonly Dictionary<string, AnnotationBlock> _newest = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    [GeneratedRegex("^[a-z0-9-]{1,40}$", RegexOptions.CultureInvariant)]
    public static partial Regex Kind { get; }

    [GeneratedRegex("^[A-Za-z0-9._-]{8,64}$", RegexOptions.CultureInvariant)]
    public static partial Regex Key { get; }

    public void Dispose() => _oneAtATime.Dispose();

    public void Observe(Block block)
    {
        if (block is AnnotationBlock annotation && annotation.Source == Person)
        {
            lock (_gate)
            {
                if (!_newest.TryGetValue(annotation.Key, out AnnotationBlock? former) || annotation.Version >= former.Version)
                {
                    _newest[annotation.Key] = annotation;
                }
            }
        }
    }

    public AnnotationBlock? Find(string key)
    {
        lock (_gate)
        {
            return _newest.GetValueOrDefault(key);
        }
    }

    /// <summary>The newest version of every mark, in no order.</summary>
    public IReadOnlyList<AnnotationBlock> All()
    {
        lock (_gate)
        {
            return [.. _newest.Values];
        }
    }

    /// <summary>Stores a first version. <paramref name="timeIsGiven"/> false: a retry may carry another time.</summary>
    public async Task<(AnnotationOutcome Outcome, AnnotationBlock Stored)> CreateAsync(AnnotationBlock mark, bool timeIsGiven, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            if (Find(mark.Key) is AnnotationBlock former)
            {
                bool same = former.Kind == mark.Kind && former.Text == mark.Text && former.Signal == mark.Signal && former.Attributes.Equals(mark.Attributes) && former.Until == mark.Until
                    && (!timeIsGiven || former.Start == mark.Start);
                await store.SyncAsync(cancel);
                return (same ? AnnotationOutcome.Repeated : AnnotationOutcome.Conflicting, former);
            }

            await SaveAsync(mark, cancel);
            return (AnnotationOutcome.Stored, mark);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Stores the next version of a mark, if <paramref name="version"/> is still the newest.</summary>
    public async Task<(AnnotationOutcome Outcome, AnnotationBlock? Stored)> ChangeAsync(
        string key, int version, Func<AnnotationBlock, AnnotationBlock> change, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            if (Find(key) is not AnnotationBlock former)
            {
                return (AnnotationOutcome.Unknown, null);
            }

            if (former.Version != version)
            {
                return (AnnotationOutcome.Conflicting, former);
            }

            AnnotationBlock next = change(former) with { Version = version + 1 };
            await SaveAsync(next, cancel);
            return (AnnotationOutcome.Stored, next);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task SaveAsync(AnnotationBlock mark, CancellationToken cancel)
    {
        await store.AppendAsync(mark, cancel);
        await store.SyncAsync(cancel);
        Observe(mark);
    }
}
