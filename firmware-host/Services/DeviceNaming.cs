using System.Collections.Immutable;
using Bedside.Identity;

namespace Bedside.Host.Services;

/// <summary>Whom a device names as its patient, in the words of every driver and of HL7 alike. It goes to the vault and nowhere else.</summary>
/// <param name="Number">As it stands on the device; empty = none.</param>
/// <param name="BirthDate"><c>yyyy-MM-dd</c>, or empty.</param>
internal sealed record DeviceNaming(string Number, string Family, string Given, string BirthDate, string Sex)
{
    private const int DigitsOfDate = 8;

    /// <summary>In the order in which they count.</summary>
    private static readonly string[] NumberFields = ["id", "record-number"];

    /// <summary>States of a monitor whose patient is gone.</summary>
    private static readonly string[] WithoutPatient = ["empty", "discharged"];

    public static DeviceNaming Nobody { get; } = new(string.Empty, string.Empty, string.Empty, string.Empty, string.Empty);

    public bool IsNobody => Number.Length == 0 && Family.Length == 0 && Given.Length == 0;

    /// <summary>The fields of <c>DeviceEvent.Patient</c> as drivers name them (Philips IntelliVue, GE S/5, Mindray PDS, MEDIBUS).</summary>
    public static DeviceNaming Of(ImmutableSortedDictionary<string, string> fields)
    {
        if (WithoutPatient.Contains(Field("state")))
        {
            return Nobody;
        }

        string number = NumberFields.Select(Field).FirstOrDefault(AdmissionTokens.IsOfPerson) ?? string.Empty;
        string[] whole = Field("name").Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string family = First(Field("family-name"), Field("last-name"), whole.Length > 0 ? whole[0] : string.Empty);
        string given = First(Field("given-name"), Field("first-name"), whole.Length > 1 ? whole[1] : string.Empty);
        return new DeviceNaming(number, family, given, Date(First(Field("birth-date"), Field("birth"))), Field("sex"));

        string Field(string name) => fields.GetValueOrDefault(name, string.Empty).Trim();
    }

    public PersonFacts Facts => new()
    {
        Numbers = [new PersonNumber(Number, string.Empty, string.Empty)],
        Family = Family.Length > 0 ? Family : null,
        Given = Given.Length > 0 ? Given : null,
        BirthDate = BirthDate.Length > 0 ? BirthDate : null,
        Sex = Sex.Length > 0 ? Sex : null,
    };

    /// <summary>Never whom.</summary>
    public override string ToString() => IsNobody ? "nobody" : "a person";

    private static string First(params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts)
        {
            if (text.Length > 0)
            {
                return text;
            }
        }

        return string.Empty;
    }

    /// <summary>Mindray writes eight digits.</summary>
    private static string Date(string text) =>
        text.Length >= DigitsOfDate && text.Take(DigitsOfDate).All(char.IsAsciiDigit) ? $"{text[..4]}-{text[4..6]}-{text[6..DigitsOfDate]}" : text;
}
