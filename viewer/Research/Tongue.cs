using System.Globalization;
using Bedside.Model;
using Bedside.Model.Research;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>The language of a page, and how it writes days and numbers.</summary>
/// <param name="Zone">Of the ward.</param>
internal sealed record Tongue(bool IsFrench, TimeZoneInfo Zone)
{
    public const string Field = "lang";

    private static readonly string[] FrenchMonths = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <summary>As an attribute: <c>fr</c>, <c>en</c>.</summary>
    public string Code => IsFrench ? "fr" : "en";

    public Tongue Other => this with { IsFrench = !IsFrench };

    /// <summary>What the address says, then what the browser prefers; French where neither does.</summary>
    public static Tongue Of(HttpRequest request, TimeZoneInfo zone)
    {
        string? said = request.Query[Field] is [{ } one] ? one : null;
        string wants = said ?? (request.Path == "/recherche" ? "fr" : FirstOf(request.Headers.AcceptLanguage.ToString()));
        return new Tongue(!wants.StartsWith("en", StringComparison.OrdinalIgnoreCase), zone);
    }

    public string Of(string french, string english) => IsFrench ? french : english;

    public string Of(TwoTongues said) => IsFrench ? said.French : said.English;

    /// <summary><c>22 novembre 2026</c>.</summary>
    public string Day(DateOnly day)
    {
        string number = IsFrench && day.Day == 1 ? "1er" : day.Day.ToString(CultureInfo.InvariantCulture);
        return $"{number} {(IsFrench ? FrenchMonths : EnglishMonths)[day.Month - 1]} {day.Year:D4}";
    }

    public string Day(UtcInstant at) => Day(DateOnly.FromDateTime(Local(at)));

    /// <summary><c>22 novembre 2026, 14 h 05</c>.</summary>
    public string Moment(UtcInstant at)
    {
        DateTime local = Local(at);
        return $"{Day(DateOnly.FromDateTime(local))}, {(IsFrench ? $"{local.Hour} h {local.Minute:D2}" : $"{local.Hour}:{local.Minute:D2}")}";
    }

    /// <summary>At most three decimals, with the language's comma.</summary>
    public string Number(double value)
    {
        string text = value.ToString("0.###", CultureInfo.InvariantCulture);
        return IsFrench ? text.Replace('.', ',') : text;
    }

    public string Percent(double part) => Number(Math.Round(part * 100)) + Of(" %", "%");

    /// <summary>What is rounded for everybody: <c>&lt;11</c> in words.</summary>
    public string Count(string rounded) => rounded.StartsWith('<') ? Of("moins de 11", "fewer than 11") : rounded.Length == 0 ? Of("pas encore connu", "not known yet") : Of($"environ {rounded}", $"about {rounded}");

    /// <summary>A path of this box in this language; French is what pages have by themselves.</summary>
    public string Link(string path) => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Field}={Code}";

    /// <summary>The name of a signal.</summary>
    public string Signal(string id) => Nomenclature.Shipped.ById(id) is { } entry ? Of(entry.French, entry.English) : id;

    private DateTime Local(UtcInstant at) => TimeZoneInfo.ConvertTime(at.ToDateTime(), Zone).DateTime;

    private static string FirstOf(string accepted) => accepted.Split(',', ';')[0].Trim();
}
