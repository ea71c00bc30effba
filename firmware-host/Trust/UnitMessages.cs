using System.Text.Json.Serialization;

namespace Bedside.Host.Trust;

/// <summary>What anybody may know of a unit: its root, PEM.</summary>
internal sealed record AuthorityMessage(string Root);

/// <summary>A box wants to join.</summary>
/// <param name="Secret">Of the code, hexadecimal.</param>
/// <param name="Request">PKCS#10, PEM.</param>
internal sealed record EnrolmentMessage(string Secret, string Request);

/// <summary>A box wants its next certificate; <paramref name="Request"/> is PKCS#10, PEM, of the new key.</summary>
internal sealed record RenewalMessage(string Request);

/// <summary>What a box gets: its certificate, and what it has to know of the unit.</summary>
internal sealed record GrantMessage(string Name, string Zone, string Head, string Box, string Host, string Certificate, string Issuer);

/// <summary>Why not, in one sentence.</summary>
internal sealed record RefusalMessage(string Sentence);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AuthorityMessage))]
[JsonSerializable(typeof(EnrolmentMessage))]
[JsonSerializable(typeof(RenewalMessage))]
[JsonSerializable(typeof(GrantMessage))]
[JsonSerializable(typeof(RefusalMessage))]
[JsonSerializable(typeof(SignedRemovals))]
internal sealed partial class UnitMessages : JsonSerializerContext;
