using Bedside.Host.Options;
using Bedside.Identity;
using Bedside.Ingest.Hl7;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Services;

/// <summary>What a box makes of admissions: which become events of this bed, in which order they are on the disk, and how they are answered.</summary>
public sealed class AdmissionIntakeTests : IAsyncDisposable
{
    private readonly AdmissionBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task AnAdmissionToThisBedIsAnEventOfTokensAndTheVaultKnowsWhoItIs()
    {
        Assert.Equal("AA", (await _box.SendAsync(Adt.Of("A01", "0042", Adt.Here, 5))).Code);
        StayEvent said = Assert.Single(_box.Desk.Said);
        Assert.Equal((StayEventKind.Admit, StaySource.Admissions, Place.Here), (said.Kind, said.Source, said.Place));
        Assert.Equal(_box.Person("0042"), said.Person);
        Assert.True(said.Visit.IsKnown && said.PlaceMark != 0 && said.Content != 0);
        Assert.Equal("2026-03-15T10:05:00.000000000Z", said.Happened.ToString());
        Assert.Equal("2026-03-15T09:00:00.000000000Z", said.Admitted.ToString());
        PersonDescription known = _box.Vault.Describe(said.Person)!;
        Assert.Equal(("TEST-0042", "ADA", "1950-02-03"), (known.Family, known.Given, known.BirthDate));
        Assert.Equal(said.Person, _box.Place.PersonOf(" 0042 "));
        Assert.NotNull(_box.Desk.AdmissionsHeard);
    }

    [Fact]
    public async Task ADiskThatTakesNothingIsAnErrorWithARemedyAndTheSameMessageAgainIsTakenOnce()
    {
        _box.Desk.Fails = 1;
        (string code, string text) = await _box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5));
        Assert.Equal("AE", code);
        Assert.Contains("send it again", text, StringComparison.Ordinal);
        Assert.Equal("AA", (await _box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5))).Code);
        Assert.Single(_box.Desk.Said);
    }

    [Fact]
    public async Task NothingIsSaidBeforeTheVaultHasIt()
    {
        _ = _box.Vault;
        string inTheWay = _box.Folder.FileIn("identities.tmp");
        Directory.CreateDirectory(Path.Combine(inTheWay, "full"));
        Assert.Equal("AE", (await _box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5))).Code);
        Assert.Equal("AE", (await _box.SendAsync(Adt.Of("A01", "2", Adt.There, 6))).Code);
        Assert.Empty(_box.Desk.Said);
        Directory.Delete(inTheWay, recursive: true);
        Assert.Equal("AA", (await _box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5))).Code);
        Assert.Single(_box.Desk.Said);
        await _box.RestartAsync();
        Assert.Equal("TEST-1", _box.Vault.Describe(_box.Person("1"))!.Family);
    }

    [Fact]
    public async Task ARepeatIsAcceptedAgainAndSaysNothingNewAlsoAfterARestart()
    {
        string message = Adt.Of("A01", "1", Adt.Here, 5);
        Assert.Equal("AA", (await _box.SendAsync(message)).Code);
        Assert.Equal("AA", (await _box.SendAsync(message)).Code);
        Assert.Equal(1, _box.Admissions.Counts["repeated"]);
        await _box.RestartAsync();
        Assert.Equal("AA", (await _box.SendAsync(message)).Code);
        Assert.Single(_box.Desk.Said);
    }

    [Fact]
    public async Task WhatIsMalformedIsRejectedWithItsPlaceAndChangesNothing()
    {
        (string code, string text) = await _box.SendAsync(Adt.Header("A01", 5) + Adt.Pid("1"));
        Assert.Equal("AR", code);
        Assert.Contains("PV1", text, StringComparison.Ordinal);
        Assert.Empty(_box.Desk.Said);
        Assert.Contains(_box.Log, line => line.Contains("PV1[1]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsOfNoUseIsAcceptedWithAWord()
    {
        Assert.Contains("nothing of who lies in a bed", (await _box.SendAsync(Adt.Of("A60", "1", Adt.Here, 5))).Text, StringComparison.Ordinal);
        string unnamed = Adt.Header("A01", 5) + "PID|1||^^^H^MR||\rPV1|1|I|ICU^^5\r";
        (string code, string text) = await _box.SendAsync(unnamed);
        Assert.Equal("AA", code);
        Assert.Contains("neither the patient nor the visit has a number", text, StringComparison.Ordinal);
        Assert.Empty(_box.Desk.Said);
    }

    [Fact]
    public async Task AVisitOfAnotherBedWaitsAsTokensAndItsHistoryIsSaidWhenItComesHere()
    {
        await _box.SendAsync(Adt.Of("A01", "1", Adt.There, 1));
        await _box.SendAsync(Adt.Of("A01", "2", "ICU^^7", 2));
        await _box.SendAsync(Adt.Of("A02", "1", "ICU^^8", 3, before: Adt.There));
        Assert.Empty(_box.Desk.Said);
        Assert.Equal(3, _box.Vault.Waiting);
        Assert.Null(_box.Vault.Describe(_box.Person("1")));
        await _box.RestartAsync();
        Assert.Equal("AA", (await _box.SendAsync(Adt.Of("A02", "1", Adt.Here, 4, before: "ICU^^8"))).Code);
        Assert.Equal([(StayEventKind.Admit, Place.Elsewhere), (StayEventKind.Transfer, Place.Elsewhere), (StayEventKind.Transfer, Place.Here)], _box.Desk.Said.Select(said => (said.Kind, said.Place)));
        Assert.Equal("TEST-1", _box.Vault.Describe(_box.Person("1"))!.Family);
        Assert.Null(_box.Vault.Describe(_box.Person("2")));
        Assert.Equal(1, _box.Vault.Waiting);
        await _box.SendAsync(Adt.Of("A03", "1", "ICU^^9", 5));
        Assert.Equal(StayEventKind.Discharge, _box.Desk.Said[^1].Kind);
    }

    [Fact]
    public async Task VisitsThatNeverComeHereAreGoneAfterThreeDays()
    {
        await _box.SendAsync(Adt.Of("A01", "1", Adt.There, 1));
        _box.Time.Pass(TimeSpan.FromHours(73));
        await _box.Admissions.ElapseAsync(CancellationToken.None);
        Assert.Equal(0, _box.Vault.Waiting);
        await _box.RestartAsync();
        Assert.Equal(0, _box.Vault.Waiting);
    }

    [Fact]
    public async Task WhoAPersonAtTheBedSaysLiesHereBringsTheirHistory()
    {
        await _box.SendAsync(Adt.Of("A01", "1", Adt.There, 1));
        PersonToken known = _box.Place.PersonOf("1");
        Assert.True(known.IsKnown);
        _box.Desk.Spans = [new StaySpan(new StayId(1), default, known, new UtcInstant(0), To: null, StayCertainty.Sure, [])];
        await _box.Admissions.ElapseAsync(CancellationToken.None);
        Assert.Equal(StayEventKind.Admit, Assert.Single(_box.Desk.Said).Kind);
        await _box.SendAsync(Adt.Of("A08", "1", Adt.There, 2));
        Assert.Equal(2, _box.Desk.Said.Count);
    }

    [Fact]
    public async Task WithoutAWordWhichBedIsThisOneNoStayIsMadeAndItIsSaidOnce()
    {
        await using var box = new AdmissionBox(new AdmissionSettings());
        (string code, string text) = await box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5));
        Assert.Equal("AA", code);
        Assert.Contains("--hl7-bed", text, StringComparison.Ordinal);
        await box.SendAsync(Adt.Of("A01", "2", Adt.Here, 6));
        Assert.Empty(box.Desk.Said);
        await box.Store.SyncAsync(CancellationToken.None);
        Assert.Single(box.Store.ReadBed(new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<AnnotationBlock>(), note => note.Kind == "hl7-admissions");
        Assert.Single(box.Log, line => line.Contains("--hl7-bed", StringComparison.Ordinal));
        Assert.False(File.Exists(box.Folder.FileIn("identities")));
    }

    [Fact]
    public async Task ASenderThatWritesPlacesItsOwnWayHasItsOwnBed()
    {
        var settings = new AdmissionSettings { Bed = BedPlace.Parse("9"), BedOfSender = new Dictionary<string, BedPlace>(StringComparer.OrdinalIgnoreCase) { ["adt"] = BedPlace.Parse("IC^Intensive Care^Bed 7")! } };
        await using var box = new AdmissionBox(settings);
        await box.SendAsync(Adt.Of("A01", "1", "IC^Intensive Care^Bed 7", 5));
        Assert.Equal(Place.Here, Assert.Single(box.Desk.Said).Place);
    }

    [Theory]
    [InlineData("", "", "1^^^A^XX~2^^^H^PI~3^^^H^MR", "3", "H", "MR")]
    [InlineData("", "", "1^^^A^XX~2^^^H^PI", "2", "H", "PI")]
    [InlineData("", "", "1^^^A^XX~2", "1", "A", "XX")]
    [InlineData("H", "", "1^^^A^MR~2^^^H^XX", "2", "H", "XX")]
    [InlineData("H", "NI", "1^^^H^MR~2^^^H^NI", "2", "H", "NI")]
    [InlineData("H", "MR", "1", "1", "H", "MR")]
    public async Task TheSiteSaysWhichNumberNamesAPerson(string authority, string type, string numbers, string number, string ofAuthority, string ofType)
    {
        await using var box = new AdmissionBox(new AdmissionSettings { Bed = BedPlace.Parse("5"), PersonAuthority = authority, PersonType = type });
        await box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5).Replace("1^^^H^MR", numbers, StringComparison.Ordinal));
        Assert.Equal(box.Vault.TokenOf(new PersonNumber(number, ofAuthority, ofType)), Assert.Single(box.Desk.Said).Person);
    }

    [Fact]
    public async Task ANumberOfAnotherAuthorityThanTheSitesNamesNobodyAndTheVisitCounts()
    {
        await using var box = new AdmissionBox(new AdmissionSettings { Bed = BedPlace.Parse("5"), PersonAuthority = "OTHER" });
        await box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5));
        StayEvent said = Assert.Single(box.Desk.Said);
        Assert.False(said.Person.IsKnown);
        Assert.True(said.Visit.IsKnown);
    }

    [Fact]
    public async Task APatientWithoutAVisitNumberIsKnownByAccountOrByWhenTheyWereAdmitted()
    {
        const string visit = "V1^^^H^VN";
        await _box.SendAsync(Adt.Of("A01", "1", Adt.Here, 5).Replace(visit, string.Empty, StringComparison.Ordinal));
        await _box.SendAsync(Adt.Of("A03", "1", Adt.Here, 6).Replace(visit, string.Empty, StringComparison.Ordinal));
        Assert.True(_box.Desk.Said[0].Visit.IsKnown);
        Assert.Equal(_box.Desk.Said[0].Visit, _box.Desk.Said[1].Visit);
        await _box.SendAsync(Adt.Of("A08", "1", Adt.Here, 7).Replace(visit, string.Empty, StringComparison.Ordinal).Replace("19500203|F", "19500203|F||||||||||A1^^^H^AN", StringComparison.Ordinal));
        Assert.NotEqual(_box.Desk.Said[0].Visit, _box.Desk.Said[2].Visit);
    }
}
