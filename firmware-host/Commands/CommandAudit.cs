using Bedside.Audit;
using Bedside.Ingest.Intake;
using Bedside.Model;
using Bedside.Model.Audit;

namespace Bedside.Host.Commands;

/// <summary>The way of the commands to the journal of access: an entry is kept before patient data are read, taken out, brought in or destroyed, before accounts are changed and certificates made, and nothing of that is done without it.</summary>
internal static class CommandAudit
{
    /// <summary>An entry of whoever started this command.</summary>
    public static AuditEntry Entry(AuditAct act, params AuditFact[] what) =>
        new(act) { Who = AuditWho.Console, Login = Environment.UserName, Role = AuditRole.Console, What = what };

    /// <summary>The beginning and end of a range as far as the person said them.</summary>
    public static IEnumerable<AuditFact> Range(string? from, string? to)
    {
        if (from is not null && UtcInstant.TryParse(from, out UtcInstant first))
        {
            yield return AuditFact.Of(AuditFactKind.From, first);
        }

        if (to is not null && UtcInstant.TryParse(to, out UtcInstant last))
        {
            yield return AuditFact.Of(AuditFactKind.To, last);
        }
    }

    /// <summary>Kept when it returns. Throws <see cref="CommandFailedException"/>: then nothing may be done.</summary>
    public static void Keep(DirectoryInfo data, AuditEntry entry)
    {
        using AuditTrail trail = Open(data);
        Keep(trail, entry);
    }

    /// <summary>Kept, then done, and said how it ended: for what takes long, or destroys.</summary>
    public static async Task AroundAsync(DirectoryInfo data, AuditEntry entry, Func<Task> act)
    {
        using AuditTrail trail = Open(data);
        Keep(trail, entry);
        try
        {
            await act();
        }
        catch
        {
            Tell(trail, entry with { Result = AuditResult.Failed });
            throw;
        }

        Tell(trail, entry with { Result = AuditResult.Done });
    }

    /// <summary>The same of what takes no time; false = it was not done.</summary>
    public static bool Around(DirectoryInfo data, AuditEntry entry, Func<bool> act)
    {
        using AuditTrail trail = Open(data);
        Keep(trail, entry);
        bool isDone = false;
        try
        {
            isDone = act();
        }
        finally
        {
            if (!isDone)
            {
                Tell(trail, entry with { Result = AuditResult.Failed });
            }
        }

        return isDone;
    }

    public static AuditTrail Open(DirectoryInfo data) => AuditTrail.Open(data.FullName, Options(), TimeProvider.System);

    /// <summary>The journal of this machine: its name, and how well its clock is known.</summary>
    public static AuditOptions Options()
    {
        var clock = new KernelClock(TimeProvider.System);
        return new AuditOptions { Box = Environment.MachineName, UncertaintyMicroseconds = () => clock.State.UncertaintyMicroseconds };
    }

    private static void Keep(AuditTrail trail, AuditEntry entry)
    {
        try
        {
            trail.Append(entry);
        }
        catch (AuditUnwritableException full)
        {
            throw new CommandFailedException(full.Message);
        }
    }

    /// <summary>How it ended is not worth failing for; but that nobody wrote it down is said.</summary>
    private static void Tell(AuditTrail trail, AuditEntry entry)
    {
        trail.Tell(entry);
        if (trail.Waiting > 0)
        {
            Console.Error.WriteLine($"bedside: how this ended could not be written into the journal of access: {trail.Fault}");
        }
    }
}
