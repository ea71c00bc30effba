namespace Bedside.Viewer.People;

/// <summary>How the box knows people. Nothing of it matters while it has no account.</summary>
public sealed class PeopleOptions
{
    /// <summary>32 bytes that only this box has: a PIN, and what an app makes codes of, is worth nothing elsewhere. Null = neither is taken.</summary>
    public Func<byte[]?> PinKey { get; set; } = () => null;

    /// <summary>Whoever approves, erases or keeps accounts proves it with a passkey, or with the digits of an app beside the password.</summary>
    public bool NeedsSecondFactor { get; set; }

    /// <summary>Rounds of PBKDF2.</summary>
    public int HashIterations { get; set; } = 600_000;

    /// <summary>The zone of the unit, for which passkeys are made (RP ID) where the address is a name in it, so that one serves every bed; null, or another address = the name in the address. Asked once a request.</summary>
    public Func<string?> PasskeyDomain { get; set; } = () => null;

    /// <summary>Without a touch for that long, a session sees what everybody at the bed sees.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>One shift.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromHours(12);

    public TimeSpan Emergency { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a password or a passkey proves enough to change accounts.</summary>
    public TimeSpan Proof { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Of one person at a time; one more ends the oldest.</summary>
    public int MostSessions { get; set; } = 3;

    /// <summary>Tries to sign in that one address may make in a minute.</summary>
    public int TriesAMinute { get; set; } = 30;

    /// <summary>What anybody at the bed sees of the past.</summary>
    public TimeSpan Ambient { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary>How often an open connection is held against the rights of whoever opened it.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(2);
}
