using System.CommandLine;
using System.Globalization;
using System.Text;
using Bedside.Audit;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Stays;
using Bedside.Storage.People;
using Bedside.Storage.Stays;

namespace Bedside.Host.Commands;

/// <summary><c>bedside stay accesses</c>: one page for the patient of who had to do with their data. Also beside a running box.</summary>
internal static class StayAccessesCommand
{
    /// <summary>Letters of a line of paper.</summary>
    private const int Width = 96;

    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<FileInfo?> config = StoreArguments.Config();
        Option<string> language = StoreArguments.Language();
        var id = new Argument<string>("STAY") { Description = "Id of a stay, as bedside stay list prints it." };
        var zone = new Option<string?>("--time-zone") { Description = "IANA zone of the days and hours; default: that of this machine." };
        var command = new Command("accesses", "Print one page for the patient: who had to do with the data of a stay, when, how and why. That it was printed is an entry too.") { id, data, key, config, language, zone };
        command.SetAction(result =>
        {
            StayId stay = StayCommand.Parse(result.GetRequiredValue(id));
            DirectoryInfo place = StoreArguments.Existing(result.GetRequiredValue(data));
            TimeZoneInfo hours = Zone(result.GetValue(zone));
            using StayBook book = StayListCommand.OpenBook(place, result.GetValue(key), StoreArguments.Stays(result.GetValue(config)));
            if (!book.Spans.Any(span => span.Stay == stay))
            {
                throw new CommandFailedException($"there is no stay {stay}; bedside stay list prints those that there are.");
            }

            CommandAudit.Keep(place, CommandAudit.Entry(AuditAct.PatientReport) with { Stay = stay });
            AccessReport report = Read(stay, book, place, hours);
            Console.Write(Paper(report, StayWishes.ResearchOf(stay, book.Spans, book.Wishes), AccountBook.Open(place.FullName).Current, hours, result.GetRequiredValue(language) == "fr"));
            return 0;
        });
        return command;
    }

    /// <summary>The page as text of at most 60 lines.</summary>
    internal static string Paper(AccessReport report, ResearchWish? research, AccountList people, TimeZoneInfo zone, bool french)
    {
        string Local(UtcInstant at) => TimeZoneInfo.ConvertTime(at.ToDateTime(), zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string Say(string fr, string en) => french ? fr : en;
        var page = new StringBuilder();
        _ = page.AppendLine(Say("Qui a consulté ces données", "Who looked at these data"));
        _ = page.AppendLine(Say("(étiquette du patient :                                        )", "(label of the patient:                                        )")).AppendLine();
        string from = report.From is { } begun ? Local(begun) : "?";
        string to = report.To is { } ended ? Local(ended) : Say("maintenant", "now");
        _ = page.AppendLine(Say($"Séjour {report.Stay}, du {from} au {to}", $"Stay {report.Stay}, {from} to {to}"));
        _ = page.AppendLine(report.Detail switch
        {
            AccessDetail.Days => Say("Une ligne par jour et par personne.", "A line for each day and person."),
            AccessDetail.Persons => Say("Une ligne par personne, pour tenir sur une page.", "A line for each person, to fit on a page."),
            _ => Say("Une ligne par fonction, pour tenir sur une page.", "A line for each role, to fit on a page."),
        }).AppendLine();
        foreach (AccessLine line in report.Lines)
        {
            AuditWords? words = AuditCatalog.Find(line.Act);
            string who = people.Find(line.Who) is { } account ? $"{account.Name}, {line.Role}" : line.Who.Length == 0 ? line.Role : line.Who;
            string act = words is null ? line.Act : french ? words.French : words.English;
            string what = line.What.Count == 0 ? string.Empty : $" ({string.Join(", ", line.What)})";
            string refused = line.Refused == 0 ? string.Empty : Say($", dont {line.Refused} refusé(s)", $", {line.Refused} refused");
            string why = line.Reasons.Count == 0 ? string.Empty : $": {string.Join(", ", line.Reasons)}";
            string text = EntryJson.Printable($"{Local(line.First)}  {who}  {act}{what}  x{line.Count.ToString(CultureInfo.InvariantCulture)}{refused}{why}");
            _ = page.AppendLine(text.Length <= Width ? text : $"{text[..(Width - 1)]}…");
        }

        _ = page.AppendLine(report.Lines.Count == 0 ? Say("Personne n’a consulté ces données.", "Nobody looked at these data.") : string.Empty);
        _ = page.AppendLine(Say($"Ces lignes disent {report.Entries} accès, tous ceux du journal de ce boîtier.", $"These lines tell of {report.Entries} accesses, all that the journal of this box has."));
        _ = page.AppendLine(Say("L’écran du lit montre à toute personne présente ce que montre le moniteur : cela n’est pas noté.", "The screen of the bed shows whoever is there what the monitor shows: that is not noted."));
        _ = page.AppendLine(research is { IsRefused: true }
            ? Say($"Recherche : non, depuis le {Local(research.At)}.", $"Research: no, since {Local(research.At)}.")
            : Say("Recherche : le patient n’a pas dit non.", "Research: the patient has not said no."));
        return page.ToString();
    }

    private static AccessReport Read(StayId stay, StayBook book, DirectoryInfo place, TimeZoneInfo zone)
    {
        try
        {
            return AccessReport.Of(stay, book.Spans, new AuditHistory(place.FullName).Read(), at => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at.ToDateTime(), zone).DateTime));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static TimeZoneInfo Zone(string? name)
    {
        try
        {
            return name is null ? TimeZoneInfo.Local : TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception unknown) when (unknown is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new CommandFailedException($"{name} is not a time zone that this machine knows; name one such as Europe/Paris.");
        }
    }
}
