namespace Bedside.Storage;

/// <summary>Counts what went wrong. Written by all tasks of a store.</summary>
internal sealed class HealthLog
{
    private long _errors;
    private long _damaged;
    private long _refused;
    private long _locked;
    private volatile string _lastError = string.Empty;
    private volatile bool _writing = true;

    public long Errors => Interlocked.Read(ref _errors);

    public long Damaged => Interlocked.Read(ref _damaged);

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Files that cannot be read because their key is not there.</summary>
    public long Locked => Interlocked.Read(ref _locked);

    /// <summary>Why, one plain sentence; empty = none is.</summary>
    public string LockedReason { get; private set; } = string.Empty;

    public string LastError => _lastError;

    public bool Writing
    {
        get => _writing;
        set => _writing = value;
    }

    public void Failed(string sentence)
    {
        Interlocked.Increment(ref _errors);
        _lastError = sentence;
    }

    public void Found(Damage damage)
    {
        Interlocked.Increment(ref _damaged);
        _lastError = $"{damage.File} is damaged at {damage.Offset}: {damage.What}";
    }

    public void Refuse(string sentence)
    {
        Interlocked.Increment(ref _refused);
        _lastError = sentence;
    }

    /// <summary>A file whose key is not there: not damage, the key may come back.</summary>
    public void Lock(string sentence)
    {
        Interlocked.Increment(ref _locked);
        LockedReason = sentence;
    }
}
