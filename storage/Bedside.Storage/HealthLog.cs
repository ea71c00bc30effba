namespace Bedside.Storage;

/// <summary>Counts what went wrong. Written by all tasks of a store.</summary>
internal sealed class HealthLog
{
    private long _errors;
    private long _damaged;
    private long _refused;
    private volatile string _lastError = string.Empty;
    private volatile bool _writing = true;

    public long Errors => Interlocked.Read(ref _errors);

    public long Damaged => Interlocked.Read(ref _damaged);

    public long Refused => Interlocked.Read(ref _refused);

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
}
