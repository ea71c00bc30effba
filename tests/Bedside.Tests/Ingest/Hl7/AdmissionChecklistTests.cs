using System.Text;
using Bedside.Host.Options;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Model.Stays;
using Bedside.Tests.Services;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>
/// Row 4 of the sheet's checklist (section 11) as far as reading goes: which events a box is told of by series of admissions. What stays are made of them is the desk's business. And row 3 for
/// the admissions among the files of others: every one has an answer, and persons, visits and places are those that a naive splitter finds.
/// </summary>
public sealed class AdmissionChecklistTests
{
    public static TheoryData<string, string, StayEventKind, StayEventKind> Cancels => new()
    {
        { "A01", "A11", StayEventKind.Admit, StayEventKind.CancelAdmit },
        { "A02", "A12", StayEventKind.Transfer, StayEventKind.CancelTransfer },
        { "A03", "A13", StayEventKind.Discharge, StayEventKind.CancelDischarge },
    };

    [Theory]
    [MemberData(nameof(Cancels))]
    public async Task ACancelHasTheVisitAndTheTimeOfWhatItCancels(string name, string cancel, StayEventKind kind, StayEventKind cancelled)
    {
        await using var box = new AdmissionBox();
        await SendAsync(box, Adt.Of("A01", "1", Adt.Here, 1), Adt.Of(name, "1", name == "A02" ? Adt.There : Adt.Here, 5, before: Adt.Here), Adt.Of(cancel, "1", "ICU^^9", 5, before: Adt.There, sent: 8));
        StayEvent[] said = [.. box.Desk.Said.TakeLast(2)];
        Assert.Equal((kind, cancelled), (said[0].Kind, said[1].Kind));
        Assert.Equal((said[0].Visit, said[0].Happened, said[0].Person), (said[1].Visit, said[1].Happened, said[1].Person));
        Assert.True(said[1].Sent > said[0].Sent);
    }

    [Fact]
    public async Task MovesAndTwoAdmissionsAndAReopeningAndDuplicatesAreSaidInTheirOrderOnceEach()
    {
        await using var box = new AdmissionBox();
        string[] series =
        [
            Adt.Of("A01", "1", Adt.There, 1), Adt.Of("A01", "1", Adt.Here, 2), Adt.Of("A08", "1", Adt.Here, 3), Adt.Of("A02", "1", Adt.There, 4, before: Adt.Here),
            Adt.Of("A02", "1", Adt.Here, 5, before: Adt.There), Adt.Of("A03", "1", Adt.Here, 6), Adt.Of("A13", "1", Adt.Here, 6, sent: 7),
        ];
        await SendAsync(box, [.. series.SelectMany(one => (string[])[one, one])]);
        StayEventKind[] kinds = [StayEventKind.Admit, StayEventKind.Admit, StayEventKind.Update, StayEventKind.Transfer, StayEventKind.Transfer, StayEventKind.Discharge, StayEventKind.CancelDischarge];
        Assert.Equal(kinds, box.Desk.Said.Select(said => said.Kind));
        Assert.Equal([Place.Elsewhere, Place.Here, Place.Here, Place.Elsewhere, Place.Here, Place.Here, Place.Here], box.Desk.Said.Select(said => said.Place));
        Assert.Single(box.Desk.Said.Select(said => said.Visit).Distinct());
        Assert.Equal(2, box.Desk.Said.Select(said => said.PlaceMark).Distinct().Count());
    }

    [Fact]
    public async Task ASwapNamesBothVisitsAndPlacesAndTheVaultKnowsWhoCame()
    {
        await using var box = new AdmissionBox();
        await SendAsync(box, Adt.Of("A01", "1", Adt.Here, 1), Adt.Of("A01", "2", Adt.There, 2));
        await SendAsync(box, Adt.Header("A17", 3) + Adt.Pid("1") + Adt.Pv1("1", Adt.There, Adt.Here) + Adt.Pid("2") + Adt.Pv1("2", Adt.Here, Adt.There));
        Assert.Equal([StayEventKind.Admit, StayEventKind.Admit, StayEventKind.Swap], box.Desk.Said.Select(said => said.Kind));
        StayEvent swap = box.Desk.Said[2];
        Assert.Equal((Place.Elsewhere, Place.Here, Place.Here), (swap.Place, swap.Before, swap.OtherPlace));
        Assert.Equal((box.Desk.Said[0].Visit, box.Desk.Said[1].Visit), (swap.Visit, swap.OtherVisit));
        Assert.Equal((box.Person("1"), box.Person("2")), (swap.Person, swap.OtherPerson));
        Assert.Equal("TEST-2", box.Vault.Describe(swap.OtherPerson)!.Family);
    }

    [Theory]
    [InlineData("A18", StayEventKind.MergePersons)]
    [InlineData("A34", StayEventKind.MergePersons)]
    [InlineData("A40", StayEventKind.MergePersons)]
    [InlineData("A47", StayEventKind.MergePersons)]
    [InlineData("A43", StayEventKind.MoveVisit)]
    public async Task AMergeNamesThePersonWhoWasHereAsTheOtherAlsoWithoutTheType(string name, StayEventKind kind)
    {
        await using var box = new AdmissionBox();
        await SendAsync(box, Adt.Of("A01", "1", Adt.Here, 1), Adt.Header(name, 2) + Adt.Pid("2") + Adt.Mrg("1").Replace("^MR", string.Empty, StringComparison.Ordinal));
        StayEvent said = box.Desk.Said[^1];
        Assert.Equal((kind, box.Person("2"), box.Desk.Said[0].Person), (said.Kind, said.Person, said.OtherPerson));
        Assert.Equal(kind == StayEventKind.MergePersons ? said.Person : said.OtherPerson, box.Place.PersonOf("1"));
    }

    [Fact]
    public async Task MergesAreFollowedThroughTheVaultAndOnesOfOtherBedsOnlyWait()
    {
        await using var box = new AdmissionBox();
        await SendAsync(box, Adt.Of("A01", "1", Adt.Here, 1), Adt.Header("A40", 2) + Adt.Pid("2") + Adt.Mrg("1"), Adt.Header("A40", 3) + Adt.Pid("3") + Adt.Mrg("2"));
        Assert.Equal(box.Person("3"), box.Place.PersonOf("1"));
        await SendAsync(box, Adt.Header("A40", 4) + Adt.Pid("8") + Adt.Mrg("7"));
        Assert.Equal(3, box.Desk.Said.Count);
        Assert.Equal(1, box.Vault.Waiting);
    }

    [Fact]
    public async Task AVisitThatMovesToAnotherPersonIsTheSameVisit()
    {
        await using var box = new AdmissionBox();
        await SendAsync(box, Adt.Of("A01", "1", Adt.Here, 1), Adt.Header("A45", 2) + Adt.Pid("2") + Adt.Mrg("1", visit: "1"));
        StayEvent moved = box.Desk.Said[^1];
        Assert.Equal((StayEventKind.MoveVisit, box.Desk.Said[0].Visit, box.Desk.Said[0].Visit), (moved.Kind, moved.Visit, moved.OtherVisit));
        Assert.Equal((box.Person("2"), box.Person("1")), (moved.Person, moved.OtherPerson));
    }

    [Theory]
    [InlineData("A35")]
    [InlineData("A41")]
    [InlineData("A42")]
    public async Task VisitsThatAreMergedAreBothNamed(string name)
    {
        await using var box = new AdmissionBox();
        await SendAsync(box, Adt.Of("A01", "1", Adt.Here, 1), Adt.Header(name, 2) + Adt.Pid("1") + Adt.Mrg("1", visit: "1") + Adt.Pv1("1", Adt.Here, visit: "9"));
        StayEvent merged = box.Desk.Said[^1];
        Assert.Equal((StayEventKind.MergeVisits, box.Desk.Said[0].Visit), (merged.Kind, merged.OtherVisit));
        Assert.NotEqual(merged.Visit, merged.OtherVisit);
    }

    [Fact]
    public async Task WhatIsPlannedIsSaidOfThisBedAndForgottenOfOthers()
    {
        await using var box = new AdmissionBox();
        await SendAsync(box, [.. new[] { "A05", "A14", "A15", "A16", "A25", "A26", "A27" }.Select((name, i) => Adt.Of(name, "1", Adt.There, i))]);
        Assert.Empty(box.Desk.Said);
        Assert.Equal(0, box.Vault.Waiting);
        await SendAsync(box, Adt.Of("A01", "1", Adt.Here, 10), Adt.Of("A15", "1", Adt.Here, 11));
        Assert.Equal([StayEventKind.Admit, StayEventKind.Planned], box.Desk.Said.Select(said => said.Kind));
    }

    [Fact]
    public async Task Row3EveryAdmissionOfOthersHasAnAnswerAndPersonsVisitsAndPlacesAreThoseOfANaiveSplitter()
    {
        if (Repository.Shared("data/hl7") is not { } folder)
        {
            return;
        }

        int compared = 0;
        await using var box = new AdmissionBox(new AdmissionSettings { Bed = BedPlace.Parse("^^^^^^^^^^nowhere") });
        foreach (string file in Directory.EnumerateFiles(folder, "*.hl7", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            foreach (Hl7Message message in MessageSplit.Of(bytes, Hl7Limits.Default).Messages.Select(one => Hl7Message.Read(one)).Where(AdmissionReader.IsAdmission))
            {
                IReadOnlyList<Receipt> receipts = await box.Hl7.ReceiveAsync([message], default, CancellationToken.None);
                Assert.NotEqual(Outcome.Error, Assert.Single(receipts).Outcome);
                compared += Compare(message, file) ? 1 : 0;
            }
        }

        Assert.True(compared > 60, $"{compared} messages were compared");
        Assert.Empty(box.Desk.Said);
        Assert.DoesNotContain(box.Log, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    /// <summary>True where something could be compared: usual delimiters, and read as admissions.</summary>
    private static bool Compare(Hl7Message message, string file)
    {
        string text = Encoding.UTF8.GetString(message.Bytes.Span);
        AdmissionReading reading = new AdmissionReader(TimeZoneInfo.Utc).Read(Hl7Message.Read(Encoding.UTF8.GetBytes(text.Replace("|T|2", "|P|2", StringComparison.Ordinal).Replace("|D|2", "|P|2", StringComparison.Ordinal))), default);
        if (!text.StartsWith("MSH|^~\\&|", StringComparison.Ordinal) || reading.Admissions.Count == 0)
        {
            return false;
        }

        string[][] segments = [.. text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'))];
        string[] pid = segments.First(segment => segment[0] == "PID");
        string[]? visit = segments.FirstOrDefault(segment => segment[0] == "PV1");
        PatientSaid patient = reading.Admissions[0].Patient;
        int numbers = Field(pid, 3).Split('~').Count(one => one.Split('^')[0].Trim().Length > 0 && one != "\"\"");
        Assert.True(numbers == patient.Person.Numbers.Count || (numbers == 0 && patient.Person.Numbers.Count <= 1), $"{file}: {numbers} numbers");
        Assert.True(Plain(Field(visit, 19)) == (patient.Visit?.Number ?? string.Empty), $"{file}: visit");
        Assert.True(Plain(Field(pid, 18)) == (patient.Account?.Number ?? string.Empty), $"{file}: account");
        Assert.True(Field(visit, 3) == Encoding.UTF8.GetString(patient.Place.Bytes) && Field(visit, 6) == Encoding.UTF8.GetString(patient.Before.Bytes), $"{file}: places");
        return true;

        static string Field(string[]? segment, int number) => segment is not null && number < segment.Length ? segment[number] : string.Empty;
        static string Plain(string field) => field == "\"\"" ? string.Empty : field.Split('~')[0].Split('^')[0].Trim();
    }

    private static async Task SendAsync(AdmissionBox box, params string[] messages)
    {
        foreach (string message in messages)
        {
            Assert.Equal("AA", (await box.SendAsync(message)).Code);
        }
    }
}
