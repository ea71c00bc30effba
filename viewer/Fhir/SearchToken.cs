using System.Text;
using Bedside.Extract.Fhir;

namespace Bedside.Viewer.Fhir;

/// <summary>A token to look for: <c>system|code</c>, <c>code</c> (any system), <c>|code</c> (no system), <c>system|</c> (any code).</summary>
/// <param name="System">Null = any; empty = none.</param>
/// <param name="Code">Null = any.</param>
internal readonly record struct SearchToken(string? System, string? Code)
{
    private const int MostValues = 1000;

    public bool Fits(FhirCoding coding) => Fits(coding.System, coding.Code);

    public bool Fits(string system, string code) => (System is null || System == system) && (Code is null || Code == code);

    /// <summary>The tokens of one parameter, of which one must fit; null = it cannot be understood.</summary>
    public static IReadOnlyList<SearchToken>? Read(string value)
    {
        var tokens = new List<SearchToken>();
        foreach (string one in Split(value, ','))
        {
            List<string> parts = Split(one, '|');
            SearchToken? token = parts switch
            {
                [{ Length: > 0 } code] => new SearchToken(System: null, Plain(code)),
                [var system, { Length: > 0 } code] => new SearchToken(Plain(system), Plain(code)),
                [{ Length: > 0 } system, ""] => new SearchToken(Plain(system), Code: null),
                _ => null,
            };
            if (token is not { } read || tokens.Count == MostValues)
            {
                return null;
            }

            tokens.Add(read);
        }

        return tokens;
    }

    /// <summary>The values between separators that no backslash stands before; escapes stay.</summary>
    public static List<string> Split(string value, char separator)
    {
        var parts = new List<string>();
        int begin = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\')
            {
                i++;
            }
            else if (value[i] == separator)
            {
                parts.Add(value[begin..i]);
                begin = i + 1;
            }
        }

        parts.Add(value[begin..]);
        return parts;
    }

    /// <summary>Without the backslashes of <c>\,</c> <c>\|</c> <c>\$</c> <c>\\</c>.</summary>
    public static string Plain(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
        {
            return value;
        }

        var plain = new StringBuilder(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] is ',' or '|' or '$' or '\\')
            {
                i++;
            }

            plain.Append(value[i]);
        }

        return plain.ToString();
    }
}
