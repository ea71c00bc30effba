using System.Collections.Concurrent;
using Bedside.Audit;
using Bedside.Model.Audit;
using Bedside.Viewer;

namespace Bedside.Host.Trust;

/// <summary>
/// This box as a witness of the journals of others and as one that is witnessed: what it answers, what it keeps, and which journals do not go on from what was seen of them. Any thread may call.
/// </summary>
internal sealed class WitnessDesk(AuditTrail trail)
{
    private readonly ConcurrentDictionary<string, string> _refused = new(StringComparer.Ordinal);

    /// <summary>Refused by the head, with its sentence; empty = it is not.</summary>
    private volatile string _own = string.Empty;

    /// <summary>For the screen: journals of the unit that were cut, rolled back or begun anew, as it seems; null = all go on. It stands until they do, and is found anew after a start.</summary>
    public HealthNote? Note => (_own.Length > 0, string.Join(", ", _refused.Keys.Order(StringComparer.Ordinal))) switch
    {
        (true, _) => new HealthNote("journal", new Sentence(
            "Le journal d’accès de ce boîtier ne continue pas ce que la tête d’unité en a vu : il a pu être coupé ou remplacé. Prévenez l’administrateur : bedside audit verify nomme l’endroit.",
            "This box's journal of access does not go on from what the unit head saw of it: it may have been cut or replaced. Tell the administrator: bedside audit verify names the place.")),
        (_, { Length: > 0 } others) => new HealthNote("journal", new Sentence(
            $"Ce que ce boîtier avait vu du journal d’accès de {others} n’y est plus : il a pu être coupé ou remplacé. Prévenez l’administrateur : bedside audit witnessed --out, puis bedside audit verify --checkpoint là-bas, nomme l’endroit.",
            $"What this box saw of the journal of access of {others} is not in it any more: it may have been cut or replaced. Tell the administrator: bedside audit witnessed --out here, then bedside audit verify --checkpoint there, names the place.")),
        _ => null,
    };

    /// <summary>As the head. Throws <see cref="UnitFaultException"/> for what is no checkpoint, and <see cref="AuditUnwritableException"/>.</summary>
    /// <param name="box">Name of the box in the unit, as its certificate has it, and its host name.</param>
    public WitnessReply Answer((string Name, string Host) box, WitnessCall call)
    {
        if (call.Cosigned is { } word)
        {
            _ = trail.Take(Checkpoint.Parse(word) ?? throw new UnitFaultException("that is no checkpoint."));
        }

        WitnessAnswer? answer = call.Checkpoint is { } brought ? Cosign(brought, box.Name, box.Host) : null;
        return new WitnessReply(answer?.Cosigned?.ToString(), answer?.Sentence ?? string.Empty, trail.Seen(box.Name), Own(call.Seen).ToString());
    }

    /// <summary>Of this box's journal, from what a witness saw of it; where it never had so many entries, the witness says what that is.</summary>
    public WitnessRequest Own(long seen) => trail.Checkpoint(seen) ?? trail.Checkpoint(0) ?? throw new UnitFaultException("this box has no journal of access.");

    public long Seen(string box) => trail.Seen(box);

    /// <summary>This box's word on the journal of another, where it goes on; that it does not is an entry, once. Throws as <see cref="Answer"/>.</summary>
    public WitnessAnswer Cosign(string brought, string box, string host)
    {
        WitnessRequest request = WitnessRequest.Parse(brought) ?? throw new UnitFaultException("that is no checkpoint.");
        bool isTold = !_refused.ContainsKey(host);
        WitnessAnswer answer = trail.Cosign(request, box, new AuditEntry(AuditAct.CheckpointCosigned) { Role = AuditRole.Program, Bed = host }, isTold);
        if (answer.Cosigned is not null)
        {
            _ = _refused.TryRemove(host, out _);
        }
        else if (answer.From is null)
        {
            _refused[host] = answer.Sentence;
        }

        return answer;
    }

    /// <summary>What the head said of this box's journal. Throws <see cref="UnitFaultException"/> when its word is none.</summary>
    public void Hear(WitnessReply reply)
    {
        _own = reply.Cosigned is null ? reply.Refusal : string.Empty;
        if (reply.Cosigned is { } word && (Checkpoint.Parse(word) is not { } cosigned || !trail.Take(cosigned)))
        {
            throw new UnitFaultException("the head's word is on no checkpoint of this box.");
        }
    }
}
