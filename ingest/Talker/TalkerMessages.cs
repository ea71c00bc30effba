using System.Text.Json.Serialization;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Links;

namespace Bedside.Ingest.Talker;

/// <summary>The first words on a connection.</summary>
/// <param name="Version">Of the protocol.</param>
internal sealed record ListQuestion(int Version);

/// <summary>The first words on a connection that is to be a line.</summary>
/// <param name="Line">As <c>19200 8E1</c>.</param>
internal sealed record OpenQuestion(int Version, string Path, string Line, bool ListenOnly);

/// <summary>The line is open.</summary>
/// <param name="ListenOnly">Nothing is sent on it, whatever was asked for.</param>
internal sealed record OpenAnswer(bool ListenOnly);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ListQuestion))]
[JsonSerializable(typeof(OpenQuestion))]
[JsonSerializable(typeof(OpenAnswer))]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(IReadOnlyList<SerialPortName>))]
internal sealed partial class TalkerJson : JsonSerializerContext;
