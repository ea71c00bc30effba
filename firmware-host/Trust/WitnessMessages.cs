using System.Text.Json.Serialization;

namespace Bedside.Host.Trust;

/// <summary>What a box brings to the head, which is its witness, and whose witness it is (Bedside.Audit/FORMAT.md, section 6).</summary>
/// <param name="Checkpoint">Of its own journal, with the proof that it goes on from what the head saw, as <c>bedside audit checkpoint --old N</c> prints it; null = not this time.</param>
/// <param name="Cosigned">A checkpoint of the head with this box's word on it; null = none.</param>
/// <param name="Seen">How many entries of the head's journal it saw.</param>
internal sealed record WitnessCall(string? Checkpoint, string? Cosigned, long Seen);

/// <summary>What the head answers.</summary>
/// <param name="Cosigned">The box's checkpoint with the head's word on it; null = it was refused, or none was brought.</param>
/// <param name="Refusal">Why not; empty = it was not refused.</param>
/// <param name="Seen">How many entries of the box's journal the head saw: the proof begins there.</param>
/// <param name="Checkpoint">Of the head's journal, with the proof that it goes on from what the box saw.</param>
internal sealed record WitnessReply(string? Cosigned, string Refusal, long Seen, string Checkpoint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WitnessCall))]
[JsonSerializable(typeof(WitnessReply))]
internal sealed partial class WitnessJson : JsonSerializerContext;
