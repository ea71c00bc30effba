using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Bedside.Identity.Studies;
using Bedside.Storage.Keys;

namespace Bedside.Host.Trust;

/// <summary>Asks the unit at the moment of the call which patients refuse research at whichever bed; beside a running box or in it.</summary>
internal static class UnitRefusals
{
    /// <summary>Null = this box is in no unit, or alone in one. Throws <see cref="IOException"/> with the remedy where it cannot be known: nothing leaves unasked.</summary>
    public static RefusedElsewhere? Ask(DirectoryInfo data, BoxKey box) => Ask(data, box, desk: null);

    /// <inheritdoc cref="Ask(DirectoryInfo, BoxKey)"/>
    /// <param name="desk">Of the running box, which is asked where it is the head; null = another process.</param>
    [SuppressMessage("Usage", "VSTHRD002", Justification = "Whoever counts and builds does so on a thread of its own, from the first row to the last; what is waited for runs on the pool and needs no thread back.")]
    public static RefusedElsewhere? Ask(DirectoryInfo data, BoxKey box, WishDesk? desk)
    {
        try
        {
            return Task.Run(() => AnswerAsync((data, box), desk, TimeProvider.System, CancellationToken.None)).GetAwaiter().GetResult() is { } answer ? Read(answer) : null;
        }
        catch (Exception failed) when (failed is UnitFaultException or CryptographicException or FormatException)
        {
            throw new IOException($"what patients said at other beds of the unit cannot be asked, and nothing leaves unasked: {failed.Message}", failed);
        }
    }

    /// <summary>What the head says; null = nobody else is there to be asked. Throws <see cref="UnitFaultException"/>, and the disk's errors.</summary>
    public static async Task<WishAnswer?> AnswerAsync((DirectoryInfo Data, BoxKey Key) place, WishDesk? desk, TimeProvider time, CancellationToken cancel)
    {
        (DirectoryInfo data, BoxKey box) = place;
        UnitFiles files = UnitSetup.FilesOf(data);
        AuthorityBook? head = data.Exists ? files.ReadAuthority() : null;
        if (!data.Exists || files.ReadUnit() is not { } unit || head is { Issued.Count: <= 1, Removed.Count: 0 })
        {
            return null;
        }

        var question = new WishQuestion(Key: string.Empty, WishMarks.Digest([]), Refused: null, Asks: true);
        if (head is not null && desk is not null)
        {
            return desk.Answer(unit.Box, question);
        }

        // The head is asked where it certainly is.
        string address = head is not null && unit.HeadAddress.Length == 0 ? "127.0.0.1" : unit.HeadAddress;
        BoxCertificate mine = BoxCertificate.Open(unit with { HeadAddress = address }, box)
            ?? throw new UnitFaultException("the key of this box's certificate cannot be opened with the box key; bring the box key back.");
        WishAnswer answer = await HeadLine.WishesAsync(mine, question, time, cancel);
        return answer is { Refused: not null, Silent: not null } ? answer : throw new UnitFaultException("the head gave no answer that a unit head gives.");
    }

    /// <summary>Throws <see cref="UnitFaultException"/> when some box was not heard of late.</summary>
    public static RefusedElsewhere Read(WishAnswer answer)
    {
        if (answer.Silent is not { Count: 0 })
        {
            throw new UnitFaultException($"the unit head has not heard of {string.Join(", ", answer.Silent ?? [])} for {WishDesk.Patience.TotalSeconds:0} s; switch it on, or withdraw it with bedside unit remove.");
        }

        IReadOnlyList<UInt128> marks = (answer.Refused is { } refused ? WishMarks.Read(refused) : null) ?? throw new UnitFaultException("the head gave no answer that a unit head gives.");
        return new RefusedElsewhere(Convert.FromBase64String(answer.Key), marks.ToHashSet());
    }
}
