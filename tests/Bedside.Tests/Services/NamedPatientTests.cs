using Bedside.Model.Stays;

namespace Bedside.Tests.Services;

/// <summary>Patients whom devices name: by drivers' demographics, and by PID of messages of devices.</summary>
public sealed class NamedPatientTests : IAsyncDisposable
{
    private readonly AdmissionBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task AMonitorThatNamesThePatientOfTheAdmissionsNamesTheSamePersonAndSaysSoOnce()
    {
        await _box.SendAsync(Adt.Of("A01", "0042", Adt.Here, 5));
        await _box.NameOnMonitorAsync(("id", "0042"), ("family-name", "TEST-0042"), ("state", "admitted"));
        await _box.NameOnMonitorAsync(("id", "0042"), ("family-name", "TEST-0042"), ("state", "admitted"));
        StayEvent said = Assert.Single(_box.Desk.Said, one => one.Kind == StayEventKind.MonitorPatient);
        Assert.Equal((StaySource.Monitor, _box.Person("0042"), "philips-intellivue"), (said.Source, said.Person, said.By));
        await _box.RestartAsync();
        await _box.NameOnMonitorAsync(("id", "0042"), ("family-name", "TEST-0042"), ("state", "admitted"));
        Assert.Equal(2, _box.Desk.Said.Count);
        await _box.NameOnMonitorAsync(("id", "0042"), ("state", "discharged"));
        Assert.Equal(default, _box.Desk.Said[^1].Person);
        Assert.Equal(StayEventKind.MonitorPatient, _box.Desk.Said[^1].Kind);
        await _box.NameOnMonitorAsync(("state", "empty"));
        Assert.Equal(3, _box.Desk.Said.Count);
    }

    [Fact]
    public async Task AMonitorThatWasFirstNamesThePersonWhomTheAdmissionsTellOfLater()
    {
        await _box.NameOnMonitorAsync(("id", "77"), ("family-name", "X"));
        PersonToken first = Assert.Single(_box.Desk.Said).Person;
        Assert.True(first.IsKnown);
        await _box.SendAsync(Adt.Of("A01", "77", Adt.Here, 5));
        Assert.Equal(first, _box.Desk.Said[^1].Person);
        Assert.True(await _box.Admissions.PumpAsync(CancellationToken.None));
        Assert.Equal(2, _box.Desk.Said.Count);
        Assert.Equal("TEST-77", _box.Vault.Describe(first)!.Family);
    }

    [Fact]
    public async Task AMonitorThatNamesAPatientOfAnotherBedBringsTheirHistory()
    {
        await _box.SendAsync(Adt.Of("A01", "5", Adt.There, 1));
        await _box.NameOnMonitorAsync(("id", "5"));
        Assert.Equal([StayEventKind.Admit, StayEventKind.MonitorPatient], _box.Desk.Said.Select(said => said.Kind));
        Assert.Equal(_box.Desk.Said[0].Person, _box.Desk.Said[1].Person);
        await _box.SendAsync(Adt.Of("A08", "5", Adt.There, 2));
        Assert.Equal(StayEventKind.Update, _box.Desk.Said[^1].Kind);
    }

    [Fact]
    public async Task ANameAloneIsThePersonOfThatNameAndOtherwiseNobody()
    {
        await _box.NameOnMonitorAsync(("last-name", "TEST-0042"), ("first-name", "Ada"));
        Assert.Empty(_box.Desk.Said);
        await _box.SendAsync(Adt.Of("A01", "0042", Adt.Here, 5));
        Assert.True(await _box.Admissions.PumpAsync(CancellationToken.None));
        Assert.Equal((StayEventKind.MonitorPatient, _box.Person("0042")), (_box.Desk.Said[^1].Kind, _box.Desk.Said[^1].Person));
        await _box.NameOnMonitorAsync(("last-name", "SOMEBODY ELSE"));
        Assert.Equal(default, _box.Desk.Said[^1].Person);
    }

    [Theory]
    [InlineData("id", "6f9619ff-8b86-d011-b42d-00c04fc964ff")]
    [InlineData("id", "----")]
    [InlineData("name", "BED 5")]
    public async Task WhatADeviceMadeUpNamesNobody(string field, string value)
    {
        await _box.NameOnMonitorAsync((field, value));
        Assert.Empty(_box.Desk.Said);
    }

    [Fact]
    public async Task ADiskThatTakesNothingIsAskedAgain()
    {
        _box.Desk.Fails = 1;
        _box.Admissions.HearDevice("m", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("id", "9"));
        Assert.False(await _box.Admissions.PumpAsync(CancellationToken.None));
        Assert.True(await _box.Admissions.PumpAsync(CancellationToken.None));
        Assert.Single(_box.Desk.Said);
    }

    [Fact]
    public async Task TheBorderOfAGatewayBetweenTwoPatientsIsSaidAndItsSilenceIsNobodyOnlyAfterAMinute()
    {
        await OruAsync(1, "PID|||8^^^GW^MR~V8^^^GW^VN||TEST-8\r");
        await OruAsync(2, "PID|||8^^^GW^MR~V8^^^GW^VN||TEST-8\r");
        Assert.Equal(("hl7-gateway", true), (Assert.Single(_box.Desk.Said).By, _box.Desk.Said[0].Person.IsKnown));
        await OruAsync(3, string.Empty);
        Assert.Single(_box.Desk.Said);
        _box.Time.Pass(TimeSpan.FromSeconds(61));
        await OruAsync(4, string.Empty);
        Assert.Equal(default, _box.Desk.Said[^1].Person);
        await OruAsync(5, "PID|||9^^^GW^MR\r");
        Assert.NotEqual(_box.Desk.Said[0].Person, _box.Desk.Said[^1].Person);
        await OruAsync(6, "PID|||^^^Hospital^PI\r");
        Assert.Equal([true, false, true, false], _box.Desk.Said.Select(said => said.Person.IsKnown));
        await OruAsync(7, "PID|||9^^^GW^MR\r", "ICU^^6^H");
        Assert.Equal(4, _box.Desk.Said.Count);
    }

    private static string MessageOf(int minute, string pid, string place) =>
        $"MSH|^~\\&|GATEWAY|WARD|||2026031510{minute:D2}00+0000||ORU^R01^ORU_R01|77|P|2.6|||AL|NE\r{pid}PV1||I|{place}\rOBR|1|a|b|182777000^monitoring of patient^SCT|||2026031510{minute:D2}00+0000\r"
        + "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842|80|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R\r";

    private async Task OruAsync(int minute, string pid, string place = "ICU^^5^H")
    {
        Assert.Equal("CA", (await _box.SendAsync(MessageOf(minute, pid, place))).Code);
        Assert.True(await _box.Admissions.PumpAsync(CancellationToken.None));
    }
}
