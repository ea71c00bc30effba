using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Storage.Coding;
using Bedside.Storage.Disk;

namespace Bedside.Storage.Retention;

/// <summary>
/// A person's word that nothing of a range of time may go, whatever the budget and the ages say. It stands unencrypted:
/// no patient's name belongs in it.
/// </summary>
/// <param name="Name">Unique in the store.</param>
/// <param name="From">Null = from the beginning.</param>
/// <param name="To">Exclusive; null = without end.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Made">When it was asked for, by the box's clock.</param>
public sealed record Hold(string Name, UtcInstant? From, UtcInstant? To, string Reason, UtcInstant Made)
{
    /// <summary>Both ends included: data that touch a hold stay.</summary>
    public bool Covers(UtcInstant from, UtcInstant lastInstant) => (From is null || lastInstant >= From) && (To is null || from <= To);
}

/// <summary>What persons said of retention: the file <c>holds</c>, which only they change.</summary>
internal sealed record HoldList(IReadOnlyList<Hold> Holds, UtcInstant? ClockConfirmed)
{
    public static readonly HoldList Empty = new([], ClockConfirmed: null);

    public bool Covers(UtcInstant from, UtcInstant lastInstant) => Holds.Any(hold => hold.Covers(from, lastInstant));

    /// <summary>Null when there is such a file and it cannot be understood: then nobody knows what is held. Throws the disk's errors.</summary>
    public static HoldList? Read(IDisk disk, out Damage? damage)
    {
        (string? text, damage) = TwinFile.Read(disk, FileNames.Holds);
        if (text is null)
        {
            return damage is null ? Empty : null;
        }

        try
        {
            HoldListWords words = JsonSerializer.Deserialize(text, RetentionWords.Default.HoldListWords) ?? throw new JsonException("it is empty");
            return new HoldList([.. (words.Holds ?? []).Select(hold => hold.ToHold())], Instants.OrNull(words.ClockConfirmed));
        }
        catch (Exception error) when (error is JsonException or BlockFormatException)
        {
            damage = new Damage(FileNames.Holds, 0, SignalNumber.None, $"the list of holds is not understood: {error.Message}");
            return null;
        }
    }

    /// <summary>Throws the disk's errors.</summary>
    public void Write(IDisk disk) => TwinFile.Write(
        disk,
        FileNames.Holds,
        JsonSerializer.Serialize(new HoldListWords([.. Holds.Select(HoldWords.Of)], ClockConfirmed?.ToString()), RetentionWords.Default.HoldListWords));
}

/// <summary>Times as they stand in the files of retention.</summary>
internal static class Instants
{
    public static UtcInstant? OrNull(string? text) => text is null ? null : Text.ToInstant(text);
}

internal sealed record HoldListWords(IReadOnlyList<HoldWords>? Holds, string? ClockConfirmed);

internal sealed record HoldWords(string? Name, string? From, string? To, string? Reason, string? Made)
{
    public static HoldWords Of(Hold hold) => new(hold.Name, hold.From?.ToString(), hold.To?.ToString(), hold.Reason, hold.Made.ToString());

    public Hold ToHold() => new(Text.Need(Name, "name"), Instants.OrNull(From), Instants.OrNull(To), Text.Or(Reason), Text.ToInstant(Text.Need(Made, "time")));
}

internal sealed record LedgerWords(IReadOnlyList<GoneWords>? Gone, IReadOnlyList<ulong>? Deleting, string? Clock);

internal sealed record GoneWords(string? From, string? To, GapCause Cause, long Files, long Bytes, long Samples);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    Converters = [typeof(KebabConverter<GapCause>)])]
[JsonSerializable(typeof(HoldListWords))]
[JsonSerializable(typeof(LedgerWords))]
internal sealed partial class RetentionWords : JsonSerializerContext;
