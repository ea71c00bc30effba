using System.Text.Json.Serialization;

namespace Bedside.Host.Options;

/// <summary>How people prove who they are.</summary>
internal sealed class PeopleSettings
{
    private const string Required = "required";
    private const string Offered = "offered";

    /// <summary><c>required</c>: whoever approves, erases or keeps accounts has a passkey, or an app of codes beside the password; <c>offered</c>: they may have one.</summary>
    public string SecondFactor { get; set; } = Required;

    [JsonIgnore]
    public bool NeedsSecondFactor => !Is(Offered);

    /// <summary>Null = nothing is wrong.</summary>
    [JsonIgnore]
    public string? Fault => Is(Required) || Is(Offered) ? null : $"people.secondFactor {SecondFactor} is neither {Required} nor {Offered}.";

    private bool Is(string word) => string.Equals(SecondFactor, word, StringComparison.Ordinal);
}
