using System.Buffers.Text;
using System.Security.Cryptography;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>
/// Who is signed in, in memory only: a box that starts anew asks again. A session's token is 128 random bits in a cookie; the box keeps its hash.
/// </summary>
internal sealed class SessionBook(IAccountBook accounts, PeopleTrail trail, TimeProvider time, IOptions<ViewerOptions> options)
{
    private const int TokenBytes = 16;

    /// <summary>Of all people together, emergencies too.</summary>
    private const int MostInAll = 256;

    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private PeopleOptions Rules => options.Value.People;

    /// <summary>The session and the value of its cookie; <paramref name="passkey"/> is the id of the one that proved who it is.</summary>
    public (Session Session, string Cookie) Begin(string badge, Proof proof, string source, string? passkey = null)
    {
        long now = time.GetTimestamp();
        var session = new Session(badge, Random(), source, reason: string.Empty, now) { Proven = proof is Proof.Pin or Proof.None ? null : now, ProvenBy = proof, Passkey = passkey };
        string cookie = Random();
        Session[] over;
        lock (_gate)
        {
            foreach (string old in _sessions.Where(one => one.Value.Badge == badge).OrderByDescending(one => one.Value.Begun).Skip(Rules.MostSessions - 1).Select(one => one.Key).ToArray())
            {
                _sessions.Remove(old);
            }

            over = Keep(cookie, session);
        }

        Tell(over);
        return (session, cookie);
    }

    public (Session Session, string Cookie) BeginEmergency(string reason, string source)
    {
        var session = new Session(badge: null, Random(), source, reason, time.GetTimestamp());
        string cookie = Random();
        Session[] over;
        lock (_gate)
        {
            over = Keep(cookie, session);
        }

        Tell(over);
        return (session, cookie);
    }

    /// <summary>Null = there is none, it is over, or its person may do nothing any more.</summary>
    public Session? Find(string cookie)
    {
        string key = KeyOf(cookie);
        Session? session;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(key, out session) || !IsOver(session))
            {
                return session;
            }

            _sessions.Remove(key);
        }

        Tell([session]);
        return null;
    }

    /// <summary>Nobody touched the screen for a while: the session sees what everybody at the bed sees, until its person comes back.</summary>
    public bool IsResting(Session session) => !session.IsEmergency && time.GetElapsedTime(session.Touched) >= Rules.Idle;

    public bool IsProven(Session session) => session.Proven is long at && time.GetElapsedTime(at) < Rules.Proof;

    /// <summary>Proven enough to decide: whoever approves, erases or keeps accounts has a passkey, or the digits of an app beside the password, where the site wants it.</summary>
    public bool IsSure(Session session, Account account) =>
        IsProven(session) && (session.ProvenBy is Proof.Passkey or Proof.PasswordAndCode || !Rules.NeedsSecondFactor || !account.Decides);

    /// <summary>Proven enough for another passkey or app: with a password alone only whoever has no second factor yet, else a stolen password would make itself one.</summary>
    public bool MayChangeProofs(Session session, Account account) => IsSure(session, account) || (IsProven(session) && !account.HasSecondFactor);

    /// <summary>The roles of that person want a second factor, and they have none.</summary>
    public bool LacksSecondFactor(Account account) => Rules.NeedsSecondFactor && account is { Decides: true, HasSecondFactor: false };

    /// <summary>Of the session as a whole.</summary>
    public TimeSpan Left(Session session)
    {
        TimeSpan left = (session.IsEmergency ? Rules.Emergency : Rules.Longest) - time.GetElapsedTime(session.Begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Touch(Session session) => session.Touched = time.GetTimestamp();

    public void Prove(Session session, Proof by)
    {
        session.Proven = time.GetTimestamp();
        session.ProvenBy = by;
        Touch(session);
    }

    public void End(string cookie)
    {
        lock (_gate)
        {
            _sessions.Remove(KeyOf(cookie));
        }
    }

    /// <summary>All sessions of a person; <paramref name="but"/> goes on.</summary>
    public void EndAll(string badge, Session? but = null)
    {
        lock (_gate)
        {
            foreach (string key in _sessions.Where(one => one.Value.Badge == badge && one.Value != but).Select(one => one.Key).ToArray())
            {
                _sessions.Remove(key);
            }
        }
    }

    public static string Random()
    {
        Span<byte> bytes = stackalloc byte[TokenBytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    private static string KeyOf(string cookie) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(cookie)));

    /// <summary>The sessions that were over, which the journal is told of once the lock is given back.</summary>
    private Session[] Keep(string cookie, Session session)
    {
        KeyValuePair<string, Session>[] over = [.. _sessions.Where(one => IsOver(one.Value))];
        foreach ((string key, _) in over)
        {
            _sessions.Remove(key);
        }

        // An emergency is never refused for want of room.
        while (_sessions.Count >= MostInAll)
        {
            _sessions.Remove(_sessions.MinBy(one => one.Value.Touched).Key);
        }

        _sessions.Add(KeyOf(cookie), session);
        return [.. over.Select(one => one.Value)];
    }

    private void Tell(Session[] over)
    {
        foreach (Session session in over)
        {
            trail.Ended(session.Badge ?? AuditWho.Screen);
        }
    }

    private bool IsOver(Session session) => Left(session) == TimeSpan.Zero || (session.Badge is { } badge && !Holds(session, accounts.Current.Find(badge)));

    private static bool Holds(Session session, Account? account) =>
        account is { State: AccountState.Active } && (session.Passkey is not { } used || account.Passkeys.Any(one => one.Id == used));
}
