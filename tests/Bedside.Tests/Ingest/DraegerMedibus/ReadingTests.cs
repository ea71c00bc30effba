using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>What payloads mean, and what the code tables make of them.</summary>
public partial class ReadingTests
{
    private static readonly byte[] V500 = Wire.Response(0x52, "5000'V500'02.50:06.00");
    private static readonly byte[] Evita = Wire.Response(0x52, "8240'Evita 4'04.00:04.00");

    [Theory]
    [InlineData("11:11:1911-NOV-93", "1993-11-11T11:11:19")]
    [InlineData("09:05:03 1-MAI-26", "2026-05-01T09:05:03")]
    [InlineData(" 9: 5: 3 1-OKT-26", "2026-10-01T09:05:03")]
    [InlineData("14:30:0515-DEZ-26", "2026-12-15T14:30:05")]
    [InlineData("14:30:0515-OCT-21", "2021-10-15T14:30:05")]
    [InlineData("14:3015-MAY-21", "2021-05-15T14:30:00")]
    [InlineData("14:30 15-DEC-21", "2021-12-15T14:30:00")]
    [InlineData("14:30:05   15-JAN-21", "2021-01-15T14:30:05")]
    [InlineData("14:30:055-JAN-21", "2021-01-05T14:30:05")]
    [InlineData("06:28:3818-MAI-2020", "2020-05-18T06:28:38")]
    public void DatesAreReadInEveryFormDevicesSend(string text, string expected) => Assert.Equal(
        DateTime.ParseExact(expected, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        Messages.ReadDateTime(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("11:11:1931-NOV-93")]
    [InlineData("25:11:1911-NOV-93")]
    [InlineData("11:11:1911-XYZ-93")]
    [InlineData("NOV")]
    [InlineData("---JAN---")]
    [InlineData("11:11:19")]
    public void WhatIsNoDateIsNone(string text) => Assert.Null(Messages.ReadDateTime(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("-  8", "-8")]
    [InlineData(" -8 ", "-8")]
    [InlineData("1.17", "1.17")]
    [InlineData("  0 ", "0")]
    [InlineData("-0.5", "-0.5")]
    public void NumbersKeepTheirDecimalsAndTheirMinusMayStandApart(string field, string expected)
    {
        FieldRecord record = Assert.Single(Messages.ReadFields(Encoding.ASCII.GetBytes("71" + field), Messages.ValueWidth, out _));
        Assert.Equal(expected, record.Value?.ToString());
    }

    [Fact]
    public void AFieldThatIsNotANumberIsToldAsText()
    {
        Ear ear = Wire.Heard(V500, Wire.Response(0x24, "7D----"));
        DeviceEvent.Text text = Assert.Single(ear.Of<DeviceEvent.Text>());
        Assert.Equal(("pip", "text", "----", SignalKind.Text), (text.Metric.SignalId, text.Metric.Channel, text.Value, text.Metric.Kind));
    }

    [Fact]
    public void HoursAndMinutesAreNotANumber()
    {
        Ear ear = Wire.Heard(Wire.Response(0x52, "6300'BiliLux'01.00:06.00"), Wire.Response(0x24, "A20130"));
        Assert.Equal("0130", Assert.Single(ear.Of<DeviceEvent.Text>()).Value);
    }

    [Fact]
    public void ARestThatIsNoRecordIsAFaultAndTheRecordsBeforeItCount()
    {
        Ear ear = Wire.Heard(V500, Wire.Response(0x24, "7D 22 B9"));
        Assert.Single(ear.Of<DeviceEvent.Numeric>());
        Assert.Contains("2 bytes", Assert.Single(ear.Of<DeviceEvent.Fault>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEvitaMovesAQuantityBetweenTwoCodesAndItStaysOneSignal()
    {
        Ear ear = Wire.Heard(Evita, Wire.Response(0x24, "88 950B80.95"), Wire.Response(0x24, "821.17B9 7.5"), Wire.Response(0x24, "88 940B80.94"));
        Assert.Equal(
            ["vt 950 mL", "mv 0.95 L/min", "vt 1170 mL", "mv 7.5 L/min", "vt 940 mL", "mv 0.94 L/min"],
            ear.Of<DeviceEvent.Numeric>().Select(numeric => $"{numeric.Metric.SignalId} {numeric.Value} {numeric.Metric.Unit}"));
        Assert.Equal(2, ear.Of<DeviceEvent.Descriptor>().Count());
    }

    [Fact]
    public void TheSameCodeMeansWhatItsFamilySays()
    {
        Assert.Equal("mv-insp", NumericOf(V500, "06 7.5").SignalId);
        Assert.Equal(("compliance", "L/bar"), (NumericOf(Evita, "0635.0").SignalId, NumericOf(Evita, "0635.0").Unit));
        Assert.Equal("ti", NumericOf(Evita, "6F 1.4").SignalId);
        Assert.Equal("raw/medibus/CP1:0x6F/Tispon", NumericOf(V500, "6F 1.4").SignalId);
    }

    [Fact]
    public void NothingIsConvertedAndAPercentageIsNoPressure()
    {
        Ear ear = Wire.Heard(V500, Wire.Response(0x24, "DB 5.1E3 5.2E6 39 "));
        Assert.Equal(
            ["raw/medibus/CP1:0xDB/etCO2 5.1 %", "etco2 5.2 kPa", "etco2 39 mm[Hg]"],
            ear.Of<DeviceEvent.Numeric>().Select(numeric => $"{numeric.Metric.SignalId} {numeric.Value} {numeric.Metric.Unit}"));
    }

    [Fact]
    public void ACodeThatIsInNoTableIsKeptUnderItsNumber() =>
        Assert.Equal("raw/medibus/CP1:0x02/unknown", NumericOf(V500, "02  12").SignalId);

    [Fact]
    public void TheModeIsTheBaseModeWithWhatIsAddedToIt()
    {
        Ear ear = Wire.Heard(V500, Wire.Response(0x2A, "0E8PC-BIPAP\u0003".Replace("0E8", "0E8", StringComparison.Ordinal) + "5E8AutoFlow\u0003"));
        DeviceEvent.Text mode = ear.Of<DeviceEvent.Text>().Single(text => text.Metric.SignalId == "set-vent-mode");
        Assert.Equal(("PC-BIPAP + AutoFlow", 0x0Eu), (mode.Value, mode.Code));
    }

    [Fact]
    public void TheNameOfThePatientGoesToTheVaultAndNowhereElse()
    {
        Ear ear = Wire.Heard(V500, Wire.Response(0x2A, "604Anna\u0003614Berg\u0003426Female\u0003"));
        Assert.Equal("first-name=Anna,female=Female,last-name=Berg", string.Join(',', Assert.Single(ear.Of<DeviceEvent.Patient>()).Fields.OrderByDescending(pair => pair.Key == "first-name").Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.DoesNotContain(ear.Lines, line => line.Contains("Anna", StringComparison.Ordinal) && !line.StartsWith("patient", StringComparison.Ordinal));
    }

    [Fact]
    public void WhileTheDeviceSimulatesEverythingIsMarked()
    {
        Ear ear = Wire.Heard(V500, Wire.Response(0x2A, "623Sim\u0003"), Wire.Response(0x24, "7D 22 "));
        Assert.Equal(Validity.DemoData, Assert.Single(ear.Of<DeviceEvent.Numeric>()).Validity);
        Assert.True(ear.Of<DeviceEvent.Identity>().Last().Device.Demo);
    }

    [Fact]
    public void TextsInOtherLanguagesPassAsSent()
    {
        Ear ear = Wire.Heard(V500, Wire.Response(0x27, "N10PAW \"#      919AMV $&      "));
        Assert.Equal(["PAW \"#", "AMV $&"], ear.Of<DeviceEvent.AlertSaid>().Select(said => said.Alert.Text));
    }

    [Fact]
    public void TheBandsOfPrioritiesCanBeSet()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = new DraegerMedibusDriver(new AlarmBands(MediumFrom: 5, HighFrom: 31)).Open(new SessionOptions(Transport.Serial, ListenOnly: true));
        session.OnChunk(Wire.From(0, Wire.Response(0x27, "N10PAW HIGH    O12AIR SUPPLY ?318PRESS       ")), ear);
        Assert.Equal([AlertPriority.Medium, AlertPriority.High, AlertPriority.Low], ear.Of<DeviceEvent.AlertSaid>().Select(said => said.Alert.Priority));
    }

    [Fact]
    public void TheEvitasOwnStatesAreRead()
    {
        Ear ear = Wire.Heard(Evita, Wire.Response(0x6A, "23237"), Wire.Response(0x6A, "4Adult"), Wire.Response(0x6A, "4Adult"), Wire.Response(0x6A, "2"));
        Assert.Equal(["alarm silence, suction", "Adult", ""], ear.Of<DeviceEvent.Text>().Select(text => text.Value));
    }

    [Fact]
    public void EveryIdOfTheTablesIsInTheNomenclatureAndOfTheRightKind()
    {
        foreach (MedibusNomenclature names in new[] { MedibusNomenclature.Classic, MedibusNomenclature.MedibusX })
        {
            for (int code = 0; code < 256; code++)
            {
                foreach (CodeRow row in new[] { names.Measured(1, (byte)code), names.Measured(2, (byte)code) })
                {
                    Assert.True(row.Id.Length == 0 || Nomenclature.Shipped.ById(row.Id)?.Kind == "numeric", row.Id);
                }

                string setting = names.Setting((byte)code).Id;
                Assert.True(setting.Length == 0 || Nomenclature.Shipped.ById(setting)?.Kind == "setting", setting);
                string trace = MedibusNomenclature.Trace((byte)code).Id;
                Assert.True(trace.Length == 0 || Nomenclature.Shipped.ById(trace)?.Kind == "waveform", trace);
                string source = names.Alarm(1, (byte)code).Source;
                Assert.True(source.Length == 0 || Nomenclature.Shipped.ById(source) is not null, source);
                source = names.Alarm(2, (byte)code).Source;
                Assert.True(source.Length == 0 || Nomenclature.Shipped.ById(source) is not null, source);
            }
        }
    }

    [Fact]
    public void NoTwoCodesShareASignalButThePairsOfTheEvita()
    {
        foreach (CodeFamily family in new[] { CodeFamily.Classic, CodeFamily.MedibusX })
        {
            var names = MedibusNomenclature.Of(family);
            var rows = new Dictionary<(string, string, string), CodeRow>();
            for (int key = 0; key < 512; key++)
            {
                int codepage = 1 + (key >> 8);
                CodeRow row = names.Measured(codepage, (byte)key);
                Metric metric = MedibusNomenclature.MetricOf(row, $"CP{codepage}", SignalKind.Numeric);
                if (row.Symbol != "unknown" && !rows.TryAdd((metric.SignalId, metric.Channel, metric.Unit), row))
                {
                    Assert.Equal(CodeFamily.Classic, family);
                    Assert.Contains((byte)key, new byte[] { 0x07, 0x0B, 0x88, 0xB7, 0xB9 });
                }
            }
        }
    }

    /// <summary>The sheet's own tables, where it lies beside the repository, against ours: every code, and its unit.</summary>
    [Fact]
    public void EveryRowOfTheSheetResolves()
    {
        if (Repository.Shared(Path.Combine("protocols", "draeger-medibus.md")) is not string path)
        {
            return;
        }

        string section = string.Empty;
        int rows = 0;
        foreach (string line in File.ReadLines(path))
        {
            section = line.StartsWith('#') ? line : section;
            string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
            for (int i = 0; line.StartsWith('|') && i + 1 < cells.Length; i++)
            {
                Match code = CodeCell.Match(cells[i]);
                if (code.Success && Resolves(section, code.Groups[1].Value, cells, i))
                {
                    rows++;
                }
            }
        }

        Assert.InRange(rows, 900, 1100);
    }

    private static bool Resolves(string section, string digits, string[] cells, int at)
    {
        byte code = Convert.ToByte(digits, 16);
        MedibusNomenclature names = MedibusNomenclature.MedibusX;
        switch (section.Split(' ')[1])
        {
            case "10.1" or "10.2" when at == 0:
                CodeRow row = names.Measured(section.Contains("10.1", StringComparison.Ordinal) ? 1 : 2, code);
                Assert.True(row.Symbol != "unknown", $"{section} {digits}");
                Assert.True(cells[1].Contains(row.Symbol, StringComparison.Ordinal) || !cells[1].Contains('—', StringComparison.Ordinal), $"{digits}: {row.Symbol}");
                Assert.Equal(UcumOf(cells[2]), row.Unit);
                return true;
            case "10.3" when at % 2 == 0:
                Assert.True(names.Setting(code).Symbol != "unknown", $"{section} {digits}");
                return true;
            case "10.4" or "10.5" when at % 2 == 0:
                AlarmRow alarm = names.Alarm(section.Contains("10.4", StringComparison.Ordinal) ? 1 : 2, code);
                Assert.True(alarm.Phrase.Length > 0, $"{section} {digits}");
                Assert.Contains(alarm.Phrase, cells[at + 1], StringComparison.Ordinal);
                return true;
            case "10.6" when at % 2 == 0:
                Assert.True(names.Text(code).Meaning != "message", $"{section} {digits}");
                return true;
            case "9." when at == 0:
                Assert.True(MedibusNomenclature.Classic.Measured(1, code).Symbol != "unknown", $"{section} {digits}");
                return true;
            case "8." when at == 0:
                Assert.True(MedibusNomenclature.Trace(code).Name != "trace", $"{section} {digits}");
                return true;
            default:
                return false;
        }
    }

    private static string UcumOf(string unit) => unit switch
    {
        "–" => "1",
        "h:min" or "DDMM" => string.Empty,
        "°C" => "Cel",
        "mmHg" => "mm[Hg]",
        "mmHg/L" => "mm[Hg]/L",
        "mbar/(L/s)" => "mbar.s/L",
        "10 mL/min" => "10.mL/min",
        "10*mL^2/s" => "10.mL2/s",
        "mm*0,1" => "10*-1.mm",
        "lux" => "lx",
        "dB(A)" => "dB",
        "Vol%/L" => "%/L",
        "µW/cm2/nm" => "uW/cm2/nm",
        _ => unit.Replace("1/min", "/min", StringComparison.Ordinal).Replace("^2", "2", StringComparison.Ordinal).Replace('*', '.'),
    };

    private static Metric NumericOf(byte[] identity, string payload) =>
        Assert.Single(Wire.Heard(identity, Wire.Response(0x24, payload)).Of<DeviceEvent.Numeric>()).Metric;

    [GeneratedRegex("^([0-9A-F]{2})H?( / [0-9A-F]{2})*$")]
    private static partial Regex CodeCell { get; }
}
