using System.Globalization;
using System.Text;

namespace Bedside.Identity.Studies;

/// <summary>
/// What names of studies are made of: a patient's number in one form, whoever wrote it. STUDIES.md, section 2.
/// </summary>
public sealed class PatientIdentity
{
    private const char Between = '\0';

    /// <summary>Numbers of a visit or an account are another's tomorrow.</summary>
    private static readonly string[] NotOfPersons = ["VN", "AN"];
    private static readonly string[] Preferred = ["MR", "PI"];

    private PatientIdentity(string canonical, bool isLinkable) => (Canonical, IsLinkable) = (Encoding.UTF8.GetBytes(canonical), isLinkable);

    /// <summary>False = the patient has no number: the name is made of what this box alone calls them, and another box has another.</summary>
    public bool IsLinkable { get; }

    /// <summary>It is as good as the number: it stays in memory.</summary>
    internal ReadOnlyMemory<byte> Canonical { get; }

    /// <summary>
    /// The number is the first by type (MR, PI, then others by their letters), then the one by which the box calls the person, then by authority and number: boxes that heard the same say the same.
    /// </summary>
    /// <param name="isOwn">Whether a number is the one that gave the person their token: after a merge it is the survivor's.</param>
    internal static PatientIdentity Of(PersonDescription person, Func<PersonNumber, bool> isOwn)
    {
        PersonNumber? number = NumbersOf(person)
            .OrderBy(one => Array.IndexOf(Preferred, Canon(one.Type)) is >= 0 and int rank ? rank : Preferred.Length)
            .ThenBy(one => Canon(one.Type), StringComparer.Ordinal)
            .ThenBy(one => isOwn(one) ? 0 : 1)
            .ThenBy(one => Canon(one.Authority), StringComparer.Ordinal)
            .ThenBy(one => Canon(one.Number), StringComparer.Ordinal)
            .FirstOrDefault();
        return number is null
            ? new PatientIdentity($"token{Between}{person.Person.Value.ToString("x32", CultureInfo.InvariantCulture)}", isLinkable: false)
            : OfNumber(number);
    }

    /// <summary>One for each number: two boxes may have heard different ones of a patient.</summary>
    internal static IEnumerable<PatientIdentity> AllOf(PersonDescription person) => NumbersOf(person).Select(OfNumber);

    internal static PatientIdentity OfNumber(PersonNumber number) => new($"number{Between}{Canon(number.Type)}{Between}{Canon(number.Authority)}{Between}{Canon(number.Number)}", isLinkable: true);

    public override string ToString() => "a patient";

    private static IEnumerable<PersonNumber> NumbersOf(PersonDescription person) => person.Numbers.Where(one => Canon(one.Number).Length > 0 && !NotOfPersons.Contains(Canon(one.Type)));

    /// <summary>Composed, capitals, no blanks.</summary>
    internal static string Canon(string text) =>
        ComposedLetters.Of(string.Concat(text.Where(letter => !char.IsWhiteSpace(letter) && !char.IsControl(letter))).ToUpperInvariant());
}
