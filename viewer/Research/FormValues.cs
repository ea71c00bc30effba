using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bedside.Model.Research;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>What somebody typed into the form of a request, as it was typed: what cannot be understood is shown again, and never lost.</summary>
internal sealed partial class FormValues
{
    public const string Peoples = "people";
    public const string Signals = "signals";
    public const string Has = "cohort.has";

    private static readonly (string List, string[] Parts)[] Lists =
    [
        (Peoples, ["name", "badge", "recipient"]), (Signals, ["signal", "reason", "hertz", "identifyingReason"]), (Has, ["signal", "hours"]),
    ];

    private readonly Dictionary<string, string[]> _values = new(StringComparer.Ordinal);

    /// <summary>Rows of a list in which something stands are counted from 0 without holes.</summary>
    public static FormValues Of(IFormCollection form)
    {
        var values = new FormValues();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues said) in form)
        {
            if (!RowName.IsMatch(name))
            {
                values._values[name] = [.. said.Select(one => Clean(one ?? string.Empty))];
            }
        }

        foreach ((string list, string[] parts) in Lists)
        {
            values.Compact(list, parts, form);
        }

        return values;
    }

    public static FormValues Of(StudyRequest request)
    {
        var values = new FormValues();
        values.Set("title.french", request.Title.French).Set("title.english", request.Title.English).Set("summary.french", request.Summary.French).Set("summary.english", request.Summary.English)
            .Set("publicInterest", request.PublicInterest).Set("basis", request.Basis.ToString()).Set("basisReference", request.BasisReference).Set("opinion", request.Opinion).Set("body", request.Body)
            .Set("dataProtectionOfficer", request.DataProtectionOfficer).Set("secureSpace", request.SecureSpace).Set("cohort.leastHours", Text(request.Cohort.LeastHours)).Set("firstDay", Text(request.FirstDay))
            .Set("lastDay", Text(request.LastDay)).Set("window.fromHour", Text(request.Window.FromHour)).Set("window.toHour", request.Window.ToHour is { } to ? Text(to) : string.Empty)
            .Set("time", request.Time.ToString()).Set("timeReason", request.TimeReason).Set("expires", Text(request.Expires)).Set("outputs", request.Outputs).Set("whyNotFederated", request.WhyNotFederated);
        values._values["cohort.ageBands"] = [.. request.Cohort.AgeBands];
        values._values["cohort.sexes"] = [.. request.Cohort.Sexes];
        for (int i = 0; i < request.People.Count; i++)
        {
            values.Set($"people[{i}].name", request.People[i].Name).Set($"people[{i}].badge", request.People[i].Badge).Set($"people[{i}].recipient", request.People[i].Recipient);
        }

        for (int i = 0; i < request.Signals.Count; i++)
        {
            AskedSignal one = request.Signals[i];
            values.Set($"signals[{i}].signal", one.Signal).Set($"signals[{i}].reason", one.Reason).Set($"signals[{i}].hertz", one.Hertz is { } hertz ? Text(hertz) : string.Empty).Set($"signals[{i}].identifyingReason", one.IdentifyingReason);
        }

        for (int i = 0; i < request.Cohort.Has.Count; i++)
        {
            values.Set($"cohort.has[{i}].signal", request.Cohort.Has[i].Signal).Set($"cohort.has[{i}].hours", Text(request.Cohort.Has[i].Hours));
        }

        return values;
    }

    /// <summary>A form that nobody filled in yet; the requester is the first of those who are named.</summary>
    public static FormValues Empty(string name, string badge, DateOnly today) => new FormValues()
        .Set("people[0].name", name).Set("people[0].badge", badge).Set("cohort.leastHours", "0").Set("window.fromHour", "0").Set("time", nameof(TimeForm.Relative)).Set("expires", Text(RequestCheck.UsualEnd(today)));

    public string One(string name) => _values.TryGetValue(name, out string[]? values) && values is [{ } one, ..] ? one : string.Empty;

    public string[] All(string name) => _values.GetValueOrDefault(name, []);

    public FormValues Set(string name, string value)
    {
        _values[name] = [value];
        return this;
    }

    /// <summary>Rows of a list that have something in them.</summary>
    public int Rows(string list)
    {
        string[] parts = Array.Find(Lists, one => one.List == list).Parts;
        int count = 0;
        while (Array.Exists(parts, part => One($"{list}[{count}].{part}").Length > 0))
        {
            count++;
        }

        return count;
    }

    private void Compact(string list, string[] parts, IFormCollection form)
    {
        int[] rows =
        [
            .. form.Keys.Where(name => RowName.IsMatch(name) && name.StartsWith(list + '[', StringComparison.Ordinal)).Select(name => int.Parse(RowName.Match(name).Groups["row"].ValueSpan, CultureInfo.InvariantCulture)).Distinct().Order(),
        ];
        int next = 0;
        foreach (int row in rows)
        {
            string[] said = [.. parts.Select(part => Clean(form[$"{list}[{row}].{part}"].ToString()))];
            if (Array.TrueForAll(said, one => one.Length == 0))
            {
                continue;
            }

            for (int i = 0; i < parts.Length; i++)
            {
                Set($"{list}[{next}].{parts[i]}", said[i]);
            }

            next++;
        }
    }

    /// <summary>Browsers send lines with CR LF.</summary>
    private static string Clean(string said) => said.ReplaceLineEndings("\n").Normalize(NormalizationForm.FormC).Trim();

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(people|signals|cohort\.has)\[(?<row>\d{1,3})\]\.[A-Za-z]+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RowName { get; }
}
