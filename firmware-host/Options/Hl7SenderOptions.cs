using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Bedside.Host.Commands;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Host.Options;

/// <summary>What a site says about one HL7 sender (<c>hl7.senders.NAME</c>); the name is the application of MSH-3 in small letters, digits and hyphens, as in the name of its device.</summary>
internal sealed class Hl7SenderOptions
{
    private const string NoValue = "noValue";
    private const string Ignored = "ignore";

    /// <summary>OBX-3 (<c>150017^MDC_PRESS_BLD_ART_SYS</c>, <c>150017</c> or <c>^MDC_PRESS_BLD_ART_SYS</c>) to an id of the nomenclature.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IDictionary<string, string> Codes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Numbers that mean no value, by OBX-3.1 or <c>*</c>.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IDictionary<string, double[]> Sentinels { get; } = new Dictionary<string, double[]>(StringComparer.Ordinal);

    /// <summary>UCUM, by OBX-3.1 or by OBX-6 as it is sent.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IDictionary<string, string> Units { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>IANA zone of its times without one; empty = as the others.</summary>
    public string Zone { get; set; } = string.Empty;

    /// <summary>What OBX-11 X means where there is a value all the same: <c>ignore</c> or <c>noValue</c>.</summary>
    public string X { get; set; } = Ignored;

    /// <summary><c>auto</c>, <c>original</c>, <c>enhanced</c> or <c>none</c>; empty = as the others.</summary>
    public string Ack { get; set; } = string.Empty;

    /// <summary>Once it was checked.</summary>
    public SenderRules ToRules() => new()
    {
        Codes = Codes.ToImmutableDictionary(StringComparer.Ordinal),
        Sentinels = Sentinels.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray(), StringComparer.Ordinal),
        Units = Units.ToImmutableDictionary(StringComparer.Ordinal),
        Zone = Zone.Length == 0 ? null : TimeZoneInfo.FindSystemTimeZoneById(Zone),
        HonoursX = X == NoValue,
        Answers = Ack.Length == 0 ? null : Enum.Parse<AnswerMode>(Ack, ignoreCase: true),
    };

    public void Check(string source, string name)
    {
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-'))
        {
            throw new CommandFailedException($"{source}: hl7.senders.{name}: a sender is named by the application of MSH-3 in small letters, digits and hyphens, as in the name of its device (hl7-NAME).");
        }

        if (Codes.FirstOrDefault(pair => Nomenclature.Shipped.ById(pair.Value) is null) is { Key: { } code } wrong)
        {
            throw new CommandFailedException($"{source}: hl7.senders.{name}.codes: {code} is to be {wrong.Value}, which is no id of the nomenclature.");
        }

        if (Zone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out _))
        {
            throw new CommandFailedException($"{source}: hl7.senders.{name}.zone {Zone} is not known; use an IANA name such as Europe/Paris.");
        }

        if (X is not (NoValue or Ignored) || (Ack.Length > 0 && !Enum.TryParse<AnswerMode>(Ack, ignoreCase: true, out _)))
        {
            throw new CommandFailedException($"{source}: hl7.senders.{name}.x is {Ignored} or {NoValue}, and .ack auto, original, enhanced or none.");
        }
    }
}
