using Bedside.Model.Audit;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Viewer;

/// <summary>
/// The way of the endpoints to the journal of access: an entry is kept before something is done, and nothing is done without it. A viewer without a journal, as tests build it, asks none.
/// </summary>
internal sealed class ActJournal(IAuditTrail? trail = null, IHttpContextAccessor? asked = null, PersonReader? persons = null)
{
    /// <summary>What somebody at the box's own display does; without accounts nobody knows who it is.</summary>
    public static AuditEntry AtScreen(AuditAct act, params AuditFact[] what) => new(act) { Who = AuditWho.Screen, Role = AuditRole.Screen, What = what };

    /// <summary>Null = the entry is kept, and it may be done.</summary>
    public ProblemHttpResult? Refusal(AuditEntry entry)
    {
        try
        {
            trail?.Append(Named(entry));
            return null;
        }
        catch (AuditUnwritableException)
        {
            return Problems.NotNow($"{AuditUnwritableException.English} {AuditUnwritableException.French}");
        }
    }

    /// <summary>What was let through was not done after all.</summary>
    public void NotDone(AuditEntry entry) => trail?.Tell(Named(entry) with { Result = AuditResult.Failed });

    /// <summary>It was refused, and nothing was done.</summary>
    public void TurnedDown(AuditEntry entry) => trail?.Tell(Named(entry) with { Result = AuditResult.Refused });

    /// <summary>Whoever signed in does it in their own name.</summary>
    private AuditEntry Named(AuditEntry entry) =>
        entry.Who == AuditWho.Screen && asked?.HttpContext is { } context && persons?.Read(context) is { Session: not null } person ? entry with { Who = person.Who, Role = person.Role } : entry;

    /// <summary>Keeps the entry, then does it; what is not answered with success was not done.</summary>
    public async Task<IResult> DoAsync(AuditEntry entry, Func<Task<IResult>> act)
    {
        if (Refusal(entry) is { } refusal)
        {
            return refusal;
        }

        try
        {
            IResult answer = await act();
            if (answer is ProblemHttpResult)
            {
                NotDone(entry);
            }

            return answer;
        }
        catch
        {
            NotDone(entry);
            throw;
        }
    }

    /// <summary>The same of what takes no time.</summary>
    public IResult Do(AuditEntry entry, Func<IResult> act)
    {
        if (Refusal(entry) is { } refusal)
        {
            return refusal;
        }

        IResult answer = act();
        if (answer is ProblemHttpResult)
        {
            NotDone(entry);
        }

        return answer;
    }
}
