namespace Bedside.Viewer.People;

/// <summary>What proved who somebody is.</summary>
internal enum Proof
{
    /// <summary>Nothing: an emergency.</summary>
    None,
    Pin,
    Password,
    PasswordAndCode,
    Passkey,
}

/// <summary>Somebody who signed in, or opened the box in an emergency. Times are ticks of the monotonic clock.</summary>
/// <param name="badge">Null in an emergency.</param>
/// <param name="token">What state-changing requests carry beside the cookie.</param>
/// <param name="source"><c>bed</c>, or the address.</param>
/// <param name="reason">Of an emergency; else empty.</param>
internal sealed class Session(string? badge, string token, string source, string reason, long begun)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private long _touched = begun;

    public string? Badge => badge;

    public string Token => token;

    public string Source => source;

    public string Reason => reason;

    public bool IsEmergency => badge is null;

    public long Begun { get; } = begun;

    public long Touched
    {
        get => Interlocked.Read(ref _touched);
        set => Interlocked.Exchange(ref _touched, value);
    }

    /// <summary>Id of the passkey that it rests on: where that is taken away it is over. Null = it rests on something else.</summary>
    public string? Passkey { get; set; }

    /// <summary>When a password or a passkey last proved who it is; null = none did.</summary>
    public long? Proven { get; set; }

    /// <summary>What did.</summary>
    public Proof ProvenBy { get; set; }

    /// <summary>Seed of an app that is being set up; null = none is.</summary>
    public string? Seed { get; set; }

    /// <summary>Whether the journal has this of the session already.</summary>
    public bool HasOnRecord(string act)
    {
        lock (_read)
        {
            return _read.Contains(act);
        }
    }

    public void PutOnRecord(string act)
    {
        lock (_read)
        {
            _read.Add(act);
        }
    }
}
