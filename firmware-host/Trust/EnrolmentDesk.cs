using System.Security.Cryptography;
using System.Text;

namespace Bedside.Host.Trust;

internal enum EnrolmentOutcome
{
    /// <summary>The box has its certificate; the code is used up.</summary>
    Granted,

    /// <summary>It served before.</summary>
    Used,

    Late,

    Wrong,

    /// <summary>Too many were wrong: nothing is taken any more.</summary>
    Closed,

    /// <summary>The code was right and is not used up; what was asked for with it cannot be.</summary>
    Refused,
}

/// <summary>
/// Takes one code, once, for 15 minutes on the monotonic clock. It stands nowhere but in the memory of the process that made it: when that ends the code is void.
/// </summary>
/// <param name="secret">Hexadecimal digits of the code.</param>
/// <param name="issue">Makes the certificate for a request; throws <see cref="UnitFaultException"/>, or the disk's errors.</param>
internal sealed class EnrolmentDesk(string secret, Func<string, IssuedLeaf> issue, TimeProvider time)
{
    /// <summary>More wrong codes end it: somebody is guessing.</summary>
    public const int MostWrong = 5;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly byte[] _secret = Encoding.ASCII.GetBytes(secret);
    private readonly long _began = time.GetTimestamp();
    private int _wrong;

    /// <summary>The code was used.</summary>
    public bool IsUsed { get; private set; }

    public bool IsLate => time.GetElapsedTime(_began) >= Lifetime;

    /// <summary>No code is taken any more, whatever it is.</summary>
    public bool IsOver => IsUsed || IsLate || _wrong >= MostWrong;

    /// <summary>Never says more than the outcome; compares without telling by its time how much was right. Throws the disk's errors, and the code can be said again.</summary>
    public (EnrolmentOutcome Outcome, IssuedLeaf? Leaf, string? Fault) Try(string said, string request)
    {
        lock (_gate)
        {
            if (_wrong >= MostWrong)
            {
                return (EnrolmentOutcome.Closed, null, null);
            }

            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(said.ToLowerInvariant()), _secret))
            {
                _wrong++;
                return (EnrolmentOutcome.Wrong, null, null);
            }

            if (IsUsed || IsLate)
            {
                return (IsUsed ? EnrolmentOutcome.Used : EnrolmentOutcome.Late, null, null);
            }

            try
            {
                IssuedLeaf leaf = issue(request);
                IsUsed = true;
                return (EnrolmentOutcome.Granted, leaf, null);
            }
            catch (UnitFaultException fault)
            {
                return (EnrolmentOutcome.Refused, null, fault.Message);
            }
        }
    }
}
