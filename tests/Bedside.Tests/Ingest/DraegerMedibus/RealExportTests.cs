using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>
/// What other programs decoded from a real Evita 4 and a real anaesthesia machine, put back on the wire and read by us:
/// the fields as a device sends them must come out with their numbers and make sense as the signals we call them. The
/// files lie beside the repository; without them there is nothing to test.
/// </summary>
public class RealExportTests
{
    private static readonly Dictionary<string, string> TextCodes = new()
    {
        ["Device_is_in_adult_mode"] = "20",
        ["Selected_CO2_unit_is_kPa"] = "23",
        ["No_anesthesia_agent_selected_nor_detected"] = "2A",
        ["Ventilation_mode_manspont"] = "2B",
        ["Selected_language"] = "2C",
        ["Selected_carrier_gas_is_air"] = "37",
        ["No_Second_anesthesia_agent_selected_nor_detected"] = "4F",
        ["Selected_agent_unit_is_percent"] = "57",
        ["Overall_device_check_result_fully_functional"] = "90",
        ["Date_and_time_of_last_self_test_execution"] = "A0",
    };

    private static readonly Dictionary<string, string> AnaesthesiaCodes = new()
    {
        ["CO2_production"] = "09",
        ["Ambient_pressure"] = "6B",
        ["Mean_airway_pressure"] = "73",
        ["Positive_endexpiratory_pressure"] = "78",
        ["Peak_inspiratory_pressure"] = "7D",
        ["Tidal_volume"] = "88",
        ["Minute_volume"] = "B9",
        ["Spontaneous_minute_volume"] = "B7",
        ["Spontaneous_respiratory_rate"] = "B5",
        ["Mandatory_respiratory_rate"] = "7B",
        ["Respiratory_rate"] = "D6",
        ["Respiratory_rate_based_on_CO2_measurement"] = "D5",
        ["Inspiratory_oxygen_fraction"] = "F0",
        ["Oxygen_freshgas_flow"] = "E2",
        ["Endtidal_CO2_concentration_mmHg"] = "E6",
        ["Endtidal_CO2_concentration_kPa"] = "E3",
        ["Endtidal_oxygen_concentration_percent"] = "EF",
        ["Inspiratory_sevoflurane_concentration_percent"] = "B0",
        ["MAC_multiple_derived_from_expiratory_concentrations"] = "AD",
        ["Apnea_duration"] = "BD",
    };

    [Theory]
    [InlineData("evita4_2021_MeasuredCP1.csv", 0x24, "D6 B5 7D 78 71 73 F0 79")]
    [InlineData("evita4_2021_HighLimits.csv", 0x26, "82 B9 D6 7D E6")]
    [InlineData("evita4_2021_LowLimits.csv", 0x25, "B9 E6")]
    public void TheNumbersOfARealEvitaComeOutAsTheyWere(string file, int code, string columns)
    {
        string[] codes = columns.Split(' ');
        int rows = 0;
        foreach (string[] cells in Rows(file).Where(cells => cells[0] != "Time" && cells.Length > codes.Length))
        {
            string payload = string.Concat(codes.Select((column, i) => column + Field(cells[i + 1])));
            Ear ear = Wire.Heard(Wire.Response(0x52, "8240'Evita 4'04.00:04.00"), Wire.Response(code, payload));
            decimal[] told = [.. ear.Of<DeviceEvent.Numeric>().Select(numeric => decimal.Parse(numeric.Value!.Value.ToString(), CultureInfo.InvariantCulture))];
            decimal[] were = [.. cells[1..(codes.Length + 1)].Select(cell => decimal.Parse(cell, CultureInfo.InvariantCulture))];
            Assert.Equal(were.Select((value, i) => codes[i] == "82" ? value * 1000 : value), told);
            Assert.Empty(ear.Of<DeviceEvent.Fault>());
            AllPlausible(ear);
            rows++;
        }

        Assert.True(rows > 10 || Repository.Shared("data") is null);
    }

    [Fact]
    public void TheAlarmsOfARealEvitaComeOutWithTheirPhrases()
    {
        foreach (string[] cells in Rows("evita4_2021_Alarm.csv").Where(cells => cells.Length == 4 && cells[1].Length == 2))
        {
            Ear ear = Wire.Heard(Wire.Response(0x52, "8240'Evita 4'04.00:04.00"), Wire.Response(0x27, "N" + cells[1] + cells[3].PadRight(12)));
            Alert alert = Assert.Single(ear.Of<DeviceEvent.AlertSaid>()).Alert;
            Assert.Equal(($"medibus:CP1:0x{cells[1]}", cells[3].Trim()), (alert.Key, alert.Text));
        }
    }

    [Fact]
    public void TheTextsOfARealAnaesthesiaMachineComeOutAsTheyWere()
    {
        foreach (string[] cells in Rows("DrgVentMedibusXTextMessagesDataExport.csv").Where(cells => cells.Length == 3 && TextCodes.ContainsKey(cells[1])))
        {
            string record = TextCodes[cells[1]] + (char)('0' + cells[2].Length) + cells[2] + "\u0003";
            Ear ear = Wire.Heard(Wire.Response(0x52, "5510'Primus'04.50:06.00"), Wire.Response(0x2A, record));
            Assert.Equal(cells[2], Assert.Single(ear.Of<DeviceEvent.Text>()).Value);
        }
    }

    [Fact]
    public void TheNumbersOfARealAnaesthesiaMachineComeOutAsTheyWereAndMakeSense()
    {
        foreach (string[] cells in Rows("DrgVentMedibusXMeasuredCP1DataExport.csv").Where(cells => cells.Length == 3 && AnaesthesiaCodes.ContainsKey(cells[1])))
        {
            Ear ear = Wire.Heard(Wire.Response(0x52, "5510'Primus'04.50:06.00"), Wire.Response(0x24, AnaesthesiaCodes[cells[1]] + Field(cells[2])));
            Assert.Equal(cells[2].Trim(), Assert.Single(ear.Of<DeviceEvent.Numeric>()).Value?.ToString());
            AllPlausible(ear);
        }
    }

    /// <summary>As a device pads it: in the middle of four characters where there is room.</summary>
    private static string Field(string cell) => cell.Trim().Length < 4 ? (" " + cell.Trim()).PadRight(4) : cell.Trim();

    /// <summary>Where the unit on the wire is near enough to that of the nomenclature, a real value lies in its plausible range.</summary>
    private static void AllPlausible(Ear ear)
    {
        foreach (DeviceEvent.Numeric numeric in ear.Of<DeviceEvent.Numeric>())
        {
            NomenclatureEntry? entry = Nomenclature.Shipped.ById(numeric.Metric.SignalId);
            bool comparable = entry is not null && (entry.Unit == numeric.Metric.Unit || (entry.Unit == "cm[H2O]" && numeric.Metric.Unit == "mbar"));
            if (comparable && numeric.Value is Fixed value)
            {
                Assert.InRange(value.ToDouble(), entry!.PlausibleMin ?? double.MinValue, entry.PlausibleMax ?? double.MaxValue);
            }
        }
    }

    private static IEnumerable<string[]> Rows(string file) =>
        Repository.Shared(Path.Combine("data", "captures", "draeger-medibus", file)) is string path
            ? File.ReadLines(path).Select(line => line.Split(','))
            : [];
}
