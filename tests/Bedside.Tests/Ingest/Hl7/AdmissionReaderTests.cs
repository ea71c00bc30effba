using System.Text;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Hl7.Admissions;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>Messages of the admissions, event by event, and what is refused.</summary>
public sealed class AdmissionReaderTests
{
    private const string Pid = "PID|1||00042^^^HOSP&1.2.3&ISO^MR~9^^^HOSP^PI||TEST-0042^ADA^^^^^L||19500203|F||||||||||A7^^^HOSP^AN\r";
    private const string Pv1 = "PV1|1|I|ICU^^5^H|||ICU^^4^H|||||||||||||V7^^^HOSP^VN|||||||||||||||||||||||||20260302080000|20260305091500\r";
    private const string Mrg = "MRG|00041^^^HOSP^MR||A6^^^HOSP^AN||V6^^^HOSP^VN\r";
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    public static TheoryData<string, StayEventKind> Events => new()
    {
        { "A01", StayEventKind.Admit }, { "A02", StayEventKind.Transfer }, { "A03", StayEventKind.Discharge }, { "A04", StayEventKind.Admit }, { "A05", StayEventKind.Planned },
        { "A06", StayEventKind.Admit }, { "A07", StayEventKind.Admit }, { "A08", StayEventKind.Update }, { "A09", StayEventKind.Planned }, { "A10", StayEventKind.Admit },
        { "A11", StayEventKind.CancelAdmit }, { "A12", StayEventKind.CancelTransfer }, { "A13", StayEventKind.CancelDischarge }, { "A14", StayEventKind.Planned }, { "A15", StayEventKind.Planned },
        { "A16", StayEventKind.Planned }, { "A18", StayEventKind.MergePersons }, { "A21", StayEventKind.LeaveBegins }, { "A22", StayEventKind.LeaveEnds }, { "A23", StayEventKind.DeleteVisit },
        { "A25", StayEventKind.Planned }, { "A26", StayEventKind.Planned }, { "A27", StayEventKind.Planned }, { "A29", StayEventKind.DeleteVisit }, { "A30", StayEventKind.MergePersons },
        { "A31", StayEventKind.Update }, { "A34", StayEventKind.MergePersons }, { "A35", StayEventKind.MergeVisits }, { "A39", StayEventKind.MergePersons }, { "A40", StayEventKind.MergePersons },
        { "A41", StayEventKind.MergeVisits }, { "A42", StayEventKind.MergeVisits }, { "A43", StayEventKind.MoveVisit }, { "A44", StayEventKind.MoveVisit }, { "A45", StayEventKind.MoveVisit },
        { "A47", StayEventKind.MergePersons }, { "A50", StayEventKind.MoveVisit }, { "A51", StayEventKind.MoveVisit },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void EveryEventOfTheSheetIsWhatItSaysAndEveryFieldIsRead(string name, StayEventKind kind)
    {
        AdmissionReading reading = Read(Message(name, Pid + Mrg + Pv1));
        Assert.Null(reading.Refusal);
        Admission said = Assert.Single(reading.Admissions);
        Assert.Equal((name, kind), (said.Event, said.Kind));
        PatientSaid patient = said.Patient;
        Assert.Equal([new NumberSaid("00042", "HOSP", "MR"), new NumberSaid("9", "HOSP", "PI")], patient.Person.Numbers);
        Assert.Equal(("TEST-0042", "ADA", "1950-02-03", "F"), (patient.Person.Family.Text, patient.Person.Given.Text, patient.Person.BirthDate.Text, patient.Person.Sex.Text));
        Assert.Equal((new NumberSaid("V7", "HOSP", "VN"), new NumberSaid("A7", "HOSP", "AN")), (patient.Visit, patient.Account));
        Assert.Equal(("5", "4"), (patient.Place.Component(3).Text, patient.Before.Component(3).Text));
        Assert.Equal("2026-03-02T07:00:00.000000000Z", patient.Admitted!.Value.At.ToString());
        Assert.Equal("2026-03-05T08:15:00.000000000Z", patient.Discharged!.Value.At.ToString());
        Assert.Equal("2026-03-02T09:14:00.000000000Z", said.Happened!.Value.At.ToString());
        Assert.Equal(TimeSpan.FromMinutes(1), said.Happened.Value.Within);
        Assert.Equal("2026-03-02T09:15:00.000000000Z", said.Recorded!.Value.At.ToString());
        Assert.Equal("2026-03-02T09:15:01.000000000Z", said.Sent!.Value.At.ToString());
        bool isMerge = said.Kind is StayEventKind.MergePersons or StayEventKind.MergeVisits or StayEventKind.MoveVisit;
        Assert.Equal(isMerge ? ("00041", "A6", "V6") : default, isMerge ? (said.Former!.Persons[0].Number, said.Former.Account!.Number, said.Former.Visit!.Number) : default);
    }

    [Theory]
    [InlineData("A19")]
    [InlineData("A20")]
    [InlineData("A24")]
    [InlineData("A28")]
    [InlineData("A32")]
    [InlineData("A37")]
    [InlineData("A52")]
    [InlineData("A54")]
    [InlineData("A60")]
    [InlineData("A62")]
    [InlineData("Z01")]
    public void EventsThatSayNothingOfBedsAreAcceptedWithAWord(string name)
    {
        AdmissionReading reading = Read(Message(name, Pid + Pv1));
        Assert.Null(reading.Refusal);
        Assert.Empty(reading.Admissions);
        Assert.Contains("nothing of who lies in a bed", reading.Words[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A01", Pid, "PV1[1]")]
    [InlineData("A01", Pv1, "PID[1]")]
    [InlineData("A01", "", "PID[1]")]
    [InlineData("A02", Pid, "PV1[1]")]
    [InlineData("A03", Pid, "PV1[1]")]
    [InlineData("A13", Pv1, "PID[1]")]
    [InlineData("A08", Pv1, "PID[1]")]
    [InlineData("A17", Pid + Pv1, "PID[2]")]
    [InlineData("A17", Pid + Pv1 + Pid, "PV1[2]")]
    [InlineData("A40", Pid, "MRG[1]")]
    [InlineData("A40", Pid + Mrg + Pid, "MRG[2]")]
    [InlineData("A45", Mrg, "PID[1]")]
    public void WhatItsEventCannotDoWithoutIsRefusedWithItsPlace(string name, string segments, string place)
    {
        AdmissionReading reading = Read(Message(name, segments));
        Assert.Empty(reading.Admissions);
        Assert.Equal((place, Hl7Fault.SegmentSequence), (reading.Refusal!.Place, reading.Refusal.Code));
        Assert.DoesNotContain("TEST", reading.Refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageWithoutAnyEventIsRefusedAndEvnIsTakenWhereTheHeaderSaysNone()
    {
        string header = Message("A01", Pid + Pv1).Replace("ADT^A01^ADT_A01", "ADT", StringComparison.Ordinal);
        Assert.Equal("A01", Read(header).Admissions[0].Event);
        Assert.Equal("MSH[1]-9", Read(header.Replace("EVN|A01|", "EVN||", StringComparison.Ordinal)).Refusal!.Place);
    }

    [Theory]
    [InlineData("A04", StayEventKind.Planned)]
    [InlineData("A06", StayEventKind.Update)]
    [InlineData("A10", StayEventKind.Planned)]
    [InlineData("A01", StayEventKind.Admit)]
    public void SomeEventsAreAdmissionsOnlyWithAPlace(string name, StayEventKind kind) =>
        Assert.Equal(kind, Assert.Single(Read(Message(name, Pid + Pv1.Replace("ICU^^5^H", string.Empty, StringComparison.Ordinal))).Admissions).Kind);

    [Fact]
    public void ASwapHasTwoPatientsWithTheirPlaces()
    {
        string second = Pid.Replace("00042", "00043", StringComparison.Ordinal) + Pv1.Replace("ICU^^5^H", "ICU^^6^H", StringComparison.Ordinal).Replace("V7", "V8", StringComparison.Ordinal);
        Admission said = Assert.Single(Read(Message("A17", Pid + Pv1 + second)).Admissions);
        Assert.Equal((StayEventKind.Swap, "00042", "00043"), (said.Kind, said.Patient.Person.Numbers[0].Number, said.Other!.Person.Numbers[0].Number));
        Assert.Equal(("5", "6", "V8"), (said.Patient.Place.Component(3).Text, said.Other.Place.Component(3).Text, said.Other.Visit!.Number));
    }

    [Fact]
    public void AMergeOfSeveralPairsIsSeveralThingsAndOneOfPersonAndAccountIsTwo()
    {
        const string pairs = "PID|||MR1^^^XYZ^MR\rMRG|MR2^^^XYZ\rPID|||MR3^^^XYZ\rMRG|MR4^^^XYZ^MR\r";
        Assert.Equal(["MR1 MR2", "MR3 MR4"], Read(Message("A40", pairs)).Admissions.Select(said => $"{said.Patient.Person.Numbers[0].Number} {said.Former!.Persons[0].Number}"));
        Assert.Equal([StayEventKind.MergePersons, StayEventKind.MergeVisits], Read(Message("A36", Pid + Mrg)).Admissions.Select(said => said.Kind));
    }

    [Fact]
    public void ExplicitNullsAreDeletionsAndEmptyFieldsSayNothing()
    {
        const string pid = "PID|||1^^^H^MR||Family^\"\"||\"\"|\r";
        PersonSaid said = Read(Message("A08", pid)).Admissions[0].Patient.Person;
        Assert.Equal(("Family", true, true, false), (said.Family.Text, said.Given.IsDeleted, said.BirthDate.IsDeleted, said.Sex.IsDeleted));
        Assert.False(said.Sex.HasText);
        PersonSaid none = Read(Message("A08", "PID|||1^^^H^MR||\"\"\r")).Admissions[0].Patient.Person;
        Assert.True(none.Family.IsDeleted && none.Given.IsDeleted);
        Assert.Null(Read(Message("A01", Pid + "PV1|1|I|ICU^^5|||||||||||||||||||||||||||||||||||||||||\"\"|\"\"\r")).Admissions[0].Patient.Discharged);
    }

    [Theory]
    [InlineData("PID|||^^^Hospital^PI||\r", 0)]
    [InlineData("PID|||\"\"||\r", 0)]
    [InlineData("PID|||---^^^H||\r", 0)]
    [InlineData("PID||77|^^^H^PI||\r", 1)]
    [InlineData("PID|||1~~2^^^A~^^^B\r", 2)]
    public void NumbersAreWhereThereIsOne(string pid, int numbers) =>
        Assert.Equal(numbers, Read(Message("A08", pid)).Admissions[0].Patient.Person.Numbers.Count);

    [Theory]
    [InlineData("19500203", "1950-02-03")]
    [InlineData("195002031145", "1950-02-03")]
    [InlineData("195002", "1950-02")]
    [InlineData("1950", "1950")]
    [InlineData("18991230", "")]
    [InlineData("00000000", "")]
    [InlineData("19501340", "")]
    [InlineData("unknown", "")]
    public void BirthDatesAreReadAsFarAsTheyAreTold(string told, string read) =>
        Assert.Equal(read, Read(Message("A08", $"PID|||1||||{told}\r")).Admissions[0].Patient.Person.BirthDate.Text);

    [Theory]
    [InlineData("20260302101400+0200", "2026-03-02T08:14:00.000000000Z", 1)]
    [InlineData("202603021014", "2026-03-02T09:14:00.000000000Z", 60)]
    [InlineData("2026030210", "2026-03-02T09:00:00.000000000Z", 3600)]
    [InlineData("20260302", "2026-03-01T23:00:00.000000000Z", 86400)]
    public void TimesHaveTheSitesZoneUnlessTheyBringTheirOwnAndKeepTheirPrecision(string told, string at, int within)
    {
        StatedTime time = Read(Message("A01", Pid + Pv1).Replace("202603021014", told, StringComparison.Ordinal)).Admissions[0].Happened!.Value;
        Assert.Equal((at, TimeSpan.FromSeconds(within)), (time.At.ToString(), time.Within));
        Assert.Equal(within <= 3600, time.Boundary is not null);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("yesterday")]
    [InlineData("2026")]
    [InlineData("20261399")]
    public void ATimeThatIsNoneIsLeftOutAndTheMessageIsTaken(string told)
    {
        AdmissionReading reading = Read(Message("A01", Pid + Pv1).Replace("202603021014", told, StringComparison.Ordinal));
        Assert.Null(Assert.Single(reading.Admissions).Happened);
        Assert.Equal(told.Trim('0').Length > 0, reading.Words.Any(word => word.Place == "EVN[1]-6"));
    }

    [Theory]
    [InlineData("T")]
    [InlineData("D")]
    [InlineData("T^A")]
    public void TrainingPatientsNeverLieInABed(string mark)
    {
        AdmissionReading reading = Read(Message("A01", Pid + Pv1).Replace("|P|2.5", $"|{mark}|2.5", StringComparison.Ordinal));
        Assert.Empty(reading.Admissions);
        Assert.Equal("MSH[1]-11", reading.Words[0].Place);
    }

    [Fact]
    public void WhatStandsTwiceOrInAnotherOrderIsReadWithAWord()
    {
        AdmissionReading late = Read(Message("A01", Pv1 + Pid));
        Assert.Equal(("00042", "5"), (late.Admissions[0].Patient.Person.Numbers[0].Number, late.Admissions[0].Patient.Place.Component(3).Text));
        AdmissionReading twice = Read(Message("A01", Pid + Pv1 + Pv1.Replace("^^5", "^^6", StringComparison.Ordinal)));
        Assert.Equal("5", Assert.Single(twice.Admissions).Patient.Place.Component(3).Text);
        Assert.Contains(twice.Words, word => word.Place == "PV1[1]");
        Assert.Contains(Read(Message("A01", Pid + Pv1 + Pid + Pv1)).Words, word => word.Place == "PID[2]");
        Assert.Contains(Read(Message("A01", Pid + Pv1).Replace("EVN|A01", "EVN|A04", StringComparison.Ordinal)).Words, word => word.Place == "EVN[1]-1");
    }

    [Fact]
    public void NothingThatIsReadPrintsItself()
    {
        Admission said = Read(Message("A40", Pid + Mrg + Pv1)).Admissions[0];
        string all = $"{said} {said.Patient} {said.Patient.Person} {said.Patient.Person.Family} {said.Patient.Visit} {said.Former}";
        Assert.DoesNotContain("TEST", all, StringComparison.Ordinal);
        Assert.DoesNotContain("0004", all, StringComparison.Ordinal);
    }

    [Fact]
    public void BatchesAreReadMessageByMessage()
    {
        string batch = "FHS|^~\\&|A\rBHS|^~\\&|A\r" + Message("A01", Pid + Pv1) + Message("A03", Pid + Pv1) + "BTS|2\rFTS|1\r";
        Assert.Equal(["A01", "A03"], MessageSplit.Of(Encoding.ASCII.GetBytes(batch), Hl7Limits.Default).Messages.Select(one => new AdmissionReader(Paris).Read(Hl7Message.Read(one), default).Admissions[0].Event));
    }

    [Fact]
    public void AnyBytesAreReadWithoutAnException()
    {
        var random = new Random(3);
        byte[] good = Encoding.ASCII.GetBytes(Message("A17", Pid + Pv1 + Mrg + Pid + Pv1));
        var reader = new AdmissionReader(Paris);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = [.. good];
            for (int j = random.Next(1, 8); j > 0; j--)
            {
                bad[random.Next(bad.Length)] = i % 2 == 0 ? (byte)random.Next(256) : "|^~\\&\r\"0A"u8[random.Next(9)];
            }

            var message = Hl7Message.Read(bad.AsMemory(0, random.Next(bad.Length + 1)));
            if (AdmissionReader.IsAdmission(message))
            {
                AdmissionReading reading = reader.Read(message, default);
                Assert.True(reading.Refusal is null || reading.Admissions.Count == 0);
            }
        }
    }

    internal static string Message(string name, string segments) =>
        $"MSH|^~\\&|ADT|H|||20260302101501||ADT^{name}^ADT_{name}|77|P|2.5\rEVN|{name}|20260302101500||||202603021014\r{segments}";

    private static AdmissionReading Read(string message) => new AdmissionReader(Paris).Read(Said.Read(message), new UtcInstant(0));
}
