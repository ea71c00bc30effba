using System.Text.Json;
using Bedside.Model;
using Bedside.Storage.Coding;
using Bedside.Storage.Disk;

namespace Bedside.Storage.Retention;

/// <summary>Whole files that are not there any more, and why: the record has a hole that this explains.</summary>
/// <param name="From">First instant of what went.</param>
/// <param name="To">Its last instant.</param>
/// <param name="Cause"><see cref="GapCause.Retention"/> or <see cref="GapCause.Storage"/>.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">What they took on the disk.</param>
/// <param name="Samples">Samples and readings in them; 0 = not known.</param>
internal sealed record GoneRange(UtcInstant From, UtcInstant To, GapCause Cause, long Files, long Bytes, long Samples)
{
    public GapBlock ToGap() => new() { Signal = SignalNumber.None, Start = From, Until = To, Cause = Cause, Missing = Samples };

    /// <summary>Blocks that ascend by start, with these ranges as gaps among them.</summary>
    public static IEnumerable<Block> Among(IReadOnlyList<GoneRange> gone, (UtcInstant From, UtcInstant To) range, IEnumerable<Block> blocks)
    {
        var gaps = new Queue<GapBlock>(gone.Where(one => one.From < range.To && one.To >= range.From).Select(one => one.ToGap()));
        foreach (Block block in blocks)
        {
            while (gaps.TryPeek(out GapBlock? gap) && gap.Start <= block.Start)
            {
                yield return gaps.Dequeue();
            }

            yield return block;
        }

        while (gaps.TryDequeue(out GapBlock? gap))
        {
            yield return gap;
        }
    }
}

/// <summary>
/// What the box itself writes down about retention: the file <c>retention</c>. A file that goes is named here first, so
/// that after a crash its deletion is finished and told once.
/// </summary>
internal sealed record RetentionLedger(IReadOnlyList<GoneRange> Gone, IReadOnlyList<ulong> Deleting, UtcInstant? Clock)
{
    public static readonly RetentionLedger Empty = new([], [], Clock: null);

    /// <summary>Ranges that lie no farther apart are told as one.</summary>
    private const long ToleranceNanoseconds = 3_600_000_000_000;

    /// <summary>Islands that holds left; beyond it the two nearest become one.</summary>
    private const int MostRanges = 1000;

    /// <summary>Empty when there is none, or none that can be understood, which is the damage. Throws the disk's errors.</summary>
    public static RetentionLedger Read(IDisk disk, out Damage? damage)
    {
        (string? text, damage) = TwinFile.Read(disk, FileNames.Retention);
        if (text is null)
        {
            return Empty;
        }

        try
        {
            LedgerWords words = JsonSerializer.Deserialize(text, RetentionWords.Default.LedgerWords) ?? throw new JsonException("it is empty");
            GoneRange[] gone = [.. (words.Gone ?? []).Select(Range)];
            return new RetentionLedger(gone, words.Deleting ?? [], Instants.OrNull(words.Clock));
        }
        catch (Exception error) when (error is JsonException or BlockFormatException)
        {
            damage = new Damage(FileNames.Retention, 0, SignalNumber.None, $"the record of what went is not understood: {error.Message}");
            return Empty;
        }
    }

    /// <summary>For readers beside the one that writes: what cannot be read is not told.</summary>
    public static RetentionLedger ReadOrEmpty(IDisk disk)
    {
        try
        {
            return Read(disk, out _);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return Empty;
        }
    }

    /// <summary>Throws the disk's errors.</summary>
    public void Write(IDisk disk)
    {
        var words = new LedgerWords(
            [.. Gone.Select(range => new GoneWords(range.From.ToString(), range.To.ToString(), range.Cause, range.Files, range.Bytes, range.Samples))],
            Deleting.Count == 0 ? null : Deleting,
            Clock?.ToString());
        TwinFile.Write(disk, FileNames.Retention, JsonSerializer.Serialize(words, RetentionWords.Default.LedgerWords));
    }

    /// <summary>The same with one range more, joined to a neighbour of the same cause that nothing kept lies between.</summary>
    public RetentionLedger With(GoneRange range, Func<UtcInstant, UtcInstant, bool> isKept)
    {
        var all = new List<GoneRange>(Gone);
        int near = all.FindIndex(known => known.Cause == range.Cause && Distance(known, range) <= ToleranceNanoseconds && !IsKeptBetween(known, range, isKept));
        if (near >= 0)
        {
            range = Together(all[near], range);
            all.RemoveAt(near);
        }

        all.Add(range);
        all.Sort((left, right) => left.From.CompareTo(right.From));
        while (all.Count > MostRanges)
        {
            int at = Enumerable.Range(0, all.Count - 1).MinBy(i => Distance(all[i], all[i + 1]));
            all[at] = Together(all[at], all[at + 1]);
            all.RemoveAt(at + 1);
        }

        return this with { Gone = all };
    }

    private static long Distance(GoneRange left, GoneRange right) => Math.Max(0, Math.Max(right.From.Since(left.To), left.From.Since(right.To)));

    private static bool IsKeptBetween(GoneRange left, GoneRange right, Func<UtcInstant, UtcInstant, bool> isKept) =>
        Distance(left, right) > 0 && (left.To < right.From ? isKept(left.To, right.From) : isKept(right.To, left.From));

    private static GoneRange Together(GoneRange left, GoneRange right) => new(
        left.From < right.From ? left.From : right.From,
        left.To > right.To ? left.To : right.To,
        left.Cause,
        left.Files + right.Files,
        left.Bytes + right.Bytes,
        left.Samples + right.Samples);

    private static GoneRange Range(GoneWords words) => new(
        Text.ToInstant(Text.Need(words.From, "start")),
        Text.ToInstant(Text.Need(words.To, "end")),
        words.Cause,
        words.Files,
        words.Bytes,
        words.Samples);
}
