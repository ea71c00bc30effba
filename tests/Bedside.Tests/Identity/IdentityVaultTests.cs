using System.Text;
using Bedside.Identity;
using Bedside.Model.Stays;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Identity;

/// <summary>What the vault knows, of whom, and how it is forgotten.</summary>
public sealed class IdentityVaultTests
{
    private readonly FaultyDisk _disk = new(new Random(1));

    [Fact]
    public void WhatWasSavedIsThereAfterARestartUnderTheSameTokens()
    {
        PersonToken person;
        using (IdentityVault vault = TestVault.Open(_disk))
        {
            person = TestVault.Admit(vault, "0042", "TEST-0042");
            vault.KeepNamed("monitor", new NamedOnDevice(person, 7, "0042"));
            vault.Wait(TestVault.Event(vault, "77", "V77"));
            vault.Save();
        }

        using IdentityVault again = TestVault.Open(_disk, seed: 2);
        Assert.Equal(string.Empty, again.Note);
        PersonDescription known = again.Describe(person)!;
        Assert.Equal(("TEST-0042", "GIVEN", "1950-02-03", "F"), (known.Family, known.Given, known.BirthDate, known.Sex));
        Assert.Equal([TestVault.Number("0042")], known.Numbers);
        Assert.Equal(person, again.TokenOf(TestVault.Number("0042")));
        Assert.True(again.IsNamedNow(person));
        Assert.Equal(TestVault.Event(again, "77", "V77"), Assert.Single(again.WaitingFor(TestVault.Event(again, "77", "V77").Visit, default, allVisits: false)));
    }

    [Fact]
    public void TheFileShowsNothingOfWhatItHolds()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        _ = TestVault.Admit(vault, "CANARY-NUMBER", "CANARY-NAME");
        Assert.DoesNotContain("CANARY", Encoding.Latin1.GetString(_disk.Content(TestVault.File)), StringComparison.Ordinal);
        Assert.DoesNotContain("HOSP", Encoding.Latin1.GetString(_disk.Content(TestVault.File)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab-0042", true)]
    [InlineData("  AB-0042\t", true)]
    [InlineData("AB-42", false)]
    [InlineData("AB-00420", false)]
    [InlineData("", false)]
    public void AWristbandIsReadWithoutRegardToCaseAndSpacesAndLeadingZerosCount(string read, bool isThem)
    {
        using IdentityVault vault = TestVault.Open(_disk);
        PersonToken person = TestVault.Admit(vault, "AB-0042", "A");
        Assert.Equal(isThem ? person : default, vault.PersonOf(read));
    }

    [Fact]
    public void ANumberThatTwoPersonsHaveIsNobodysUnlessOneIsOfThisBed()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        PersonNumber other = TestVault.Number("1", "ELSEWHERE");
        vault.HearAuthority(other);
        vault.Wait(TestVault.Event(vault, "1", "V1") with { Person = vault.TokenOf(other), Content = 1 });
        Assert.Equal(vault.TokenOf(other), vault.PersonOf("1"));
        PersonToken ofBed = TestVault.Admit(vault, "1", "A");
        Assert.NotEqual(vault.TokenOf(other), ofBed);
        Assert.Equal(ofBed, vault.PersonOf("1"));
        vault.Keep(vault.TokenOf(other), new PersonFacts { Family = "B" }, TestVault.Now);
        Assert.Equal(default, vault.PersonOf("1"));
    }

    [Fact]
    public void ANumberAloneIsThatOfThePersonWhoseAuthorityIsToldElsewhereAndTheOtherWayRound()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        PersonToken first = TestVault.Admit(vault, "5", "A");
        Assert.Equal(first, vault.TokenOf(TestVault.Number("5", string.Empty, string.Empty)));
        PersonToken onMonitor = vault.TokenOf(TestVault.Number("6", string.Empty, string.Empty));
        vault.Keep(onMonitor, new PersonFacts { Family = "B" }, TestVault.Now);
        Assert.Equal(onMonitor, vault.TokenOf(TestVault.Number("6")));
        Assert.NotEqual(first, onMonitor);
    }

    [Fact]
    public void AMergeIsFollowedAlongItsChainAndACircleIsRefused()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        PersonToken a = TestVault.Admit(vault, "1", "OLD", "A");
        PersonToken b = TestVault.Admit(vault, "2", string.Empty, string.Empty);
        PersonToken c = TestVault.Admit(vault, "3", "NEW", "C");
        Assert.True(vault.Merge(a, b));
        Assert.True(vault.Merge(b, c));
        Assert.False(vault.Merge(c, c));
        Assert.False(vault.Merge(c, a));
        Assert.Equal([c, c, c], [vault.SurvivorOf(a), vault.SurvivorOf(b), vault.SurvivorOf(c)]);
        Assert.Equal(c, vault.PersonOf("1"));
        Assert.Equal(("NEW", 3), (vault.Describe(a)!.Family, vault.Describe(a)!.Numbers.Count));
    }

    [Fact]
    public void WhatIsNotSaidStaysAndWhatIsDeletedGoes()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        PersonToken person = TestVault.Admit(vault, "1", "A");
        vault.Keep(person, new PersonFacts { Family = "B" }, TestVault.Now);
        Assert.Equal(("B", "GIVEN"), (vault.Describe(person)!.Family, vault.Describe(person)!.Given));
        vault.Keep(person, new PersonFacts { Given = string.Empty }, TestVault.Now);
        Assert.Equal(("B", string.Empty), (vault.Describe(person)!.Family, vault.Describe(person)!.Given));
    }

    [Fact]
    public void ANameWithoutANumberIsTheOnlyPersonOfThatNameWhateverTheAccents()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        PersonToken person = TestVault.Admit(vault, "1", "Test-Éléphant", "Zoé");
        Assert.Equal(person, vault.PersonNamed("TEST ELEPHANT", "ZOE", string.Empty));
        Assert.Equal(person, vault.PersonNamed("test-elephant", string.Empty, "1950-02-03"));
        Assert.Equal(default, vault.PersonNamed("TEST ELEPHANT", "ANN", string.Empty));
        Assert.Equal(default, vault.PersonNamed("TEST ELEPHANT", string.Empty, "1951-02-03"));
        _ = TestVault.Admit(vault, "2", "TEST ELEPHANT", "Zoe");
        Assert.Equal(default, vault.PersonNamed("TEST ELEPHANT", "ZOE", string.Empty));
    }

    [Fact]
    public void AForgottenPersonIsGoneUnderAllNumbersAndTheOldBytesAreOverwritten()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        PersonToken old = TestVault.Admit(vault, "1", "A");
        PersonToken person = TestVault.Admit(vault, "2", "B");
        PersonToken stays = TestVault.Admit(vault, "3", "C");
        Assert.True(vault.Merge(old, person));
        vault.KeepNamed("monitor", new NamedOnDevice(person, 1, "2"));
        vault.Wait(TestVault.Event(vault, "2", "V9"));
        vault.Save();
        _disk.Replace("identities.bad", [1, 2, 3]);
        byte[] before = _disk.Content(TestVault.File);
        byte[] copy = [.. before];
        Assert.True(vault.Forget(old));
        Assert.Null(vault.Describe(person));
        Assert.Null(vault.Describe(old));
        Assert.Null(vault.NamedOn("monitor"));
        Assert.Equal(0, vault.Waiting);
        Assert.Equal(default, vault.PersonOf("1"));
        Assert.False(vault.IsOfBed(vault.VisitOf("visit", TestVault.Number("V2", type: "VN"))));
        Assert.DoesNotContain("identities.bad", _disk.Names());
        int same = before.Zip(copy).Count(pair => pair.First == pair.Second);
        Assert.True(same < before.Length / 50, $"{same} of {before.Length} bytes of the old file are what they were");
        using IdentityVault again = TestVault.Open(_disk);
        Assert.Null(again.Describe(person));
        Assert.NotNull(again.Describe(stays));
        Assert.False(again.Forget(person));
    }

    [Fact]
    public void AnotherBoxKeySetsTheVaultAsideAndTheFormerOneOpensItAgain()
    {
        PersonToken person;
        using (IdentityVault vault = TestVault.Open(_disk))
        {
            person = TestVault.Admit(vault, "1", "A");
        }

        using (IdentityVault other = TestVault.Open(_disk, key: 99, seed: 5))
        {
            Assert.Contains("another box key", other.Note, StringComparison.Ordinal);
            Assert.Null(other.Describe(person));
            _ = TestVault.Admit(other, "2", "B");
        }

        Assert.Contains("identities.bad", _disk.Names());
        _disk.Rename("identities.bad", TestVault.File);
        using IdentityVault back = TestVault.Open(_disk);
        Assert.Equal("A", back.Describe(person)!.Family);
    }

    [Fact]
    public void EventsOfOtherBedsWaitForThreeDaysAndAreBounded()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        vault.Wait(TestVault.Event(vault, "1", "V1", hoursAgo: 73));
        vault.Wait(TestVault.Event(vault, "2", "V2", hoursAgo: 71));
        vault.Wait(TestVault.Event(vault, "2", "V2", hoursAgo: 71));
        vault.Save();
        Assert.Equal(2, vault.Waiting);
        Assert.Equal(1, vault.Expire(TestVault.Now));
        vault.Save();
        using (IdentityVault again = TestVault.Open(_disk))
        {
            Assert.Equal(1, again.Waiting);
        }

        for (int i = 0; i < IdentityVault.MostWaiting + 10; i++)
        {
            vault.Wait(TestVault.Event(vault, "3", $"W{i}"));
        }

        Assert.Equal(IdentityVault.MostWaiting, vault.Waiting);
        Assert.Empty(vault.WaitingFor(TestVault.Event(vault, "2", "V2").Visit, default, allVisits: false));
    }

    [Fact]
    public void WhatWaitsOfAVisitIsFoundWithTheMergesThatLeadToIt()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        StayEvent admitted = TestVault.Event(vault, "1", "V1");
        StayEvent merged = TestVault.Event(vault, "2", string.Empty, kind: StayEventKind.MergePersons) with { OtherPerson = vault.TokenOf(TestVault.Number("1")) };
        StayEvent renumbered = TestVault.Event(vault, "2", "V2", kind: StayEventKind.MergeVisits) with { OtherVisit = admitted.Visit };
        StayEvent foreign = TestVault.Event(vault, "8", "V8");
        Array.ForEach([admitted, merged, renumbered, foreign], vault.Wait);
        IReadOnlyList<StayEvent> found = vault.WaitingFor(renumbered.Visit, renumbered.Person, allVisits: false);
        Assert.Equal([admitted, merged, renumbered], found);
        Assert.Equal([admitted, merged, renumbered], vault.WaitingFor(default, merged.Person, allVisits: true));
        vault.Release(found);
        Assert.Equal(1, vault.Waiting);
    }

    [Fact]
    public void AnEventOfAnotherBedIsAddedAndDoesNotWriteTheFileAnew()
    {
        using IdentityVault vault = TestVault.Open(_disk);
        _ = TestVault.Admit(vault, "1", "A");
        int renames = _disk.Asked["Rename"];
        int before = _disk.Content(TestVault.File).Length;
        for (int i = 0; i < 50; i++)
        {
            vault.Wait(TestVault.Event(vault, "2", $"W{i}"));
            vault.Save();
        }

        Assert.Equal(renames, _disk.Asked["Rename"]);
        Assert.InRange(_disk.Content(TestVault.File).Length - before, 50 * 200, 50 * 400);
        using IdentityVault again = TestVault.Open(_disk);
        Assert.Equal(50, again.Waiting);
    }
}
