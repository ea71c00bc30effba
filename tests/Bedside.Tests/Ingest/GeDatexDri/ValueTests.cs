using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Model;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>What the values, states and labels of the four classes become.</summary>
public sealed class ValueTests
{
    private const long On = 3;
    private const int NoData = -32767;

    /// <summary>Offset, name and parts per unit of one value of each group, from the sheet, sections 6.4 to 6.7.</summary>
    public static TheoryData<int, string, int, int, int, string> OneOfEach => new()
    {
        { 0, "basic.ecg.imp-rr", 4, 14, 11, "11" },
        { 0, "basic.p4.mean", 62, 10, -150, "-1.50" },
        { 0, "basic.nibp.hr", 76, 12, 71, "71" },
        { 0, "basic.t4.temp", 114, 6, 3655, "36.55" },
        { 0, "basic.spo2.ir-amp", 122, 10, 217, "2.17" },
        { 0, "basic.co2.amb-press", 136, 12, 7551, "755.1" },
        { 0, "basic.n2o.fi", 160, 8, 6612, "66.12" },
        { 0, "basic.aa.mac-sum", 170, 10, 95, "0.95" },
        { 0, "basic.flow.mv-exp", 182, 20, 801, "8.01" },
        { 0, "basic.co.pcwp", 204, 12, 1210, "12.10" },
        { 0, "basic.co.co", 204, 6, 5230, "5.230" },
        { 0, "basic.nmt.tratio", 218, 8, 905, "90.5" },
        { 0, "basic.svo2.svo2", 236, 6, 7123, "71.23" },
        { 0, "basic.p6.dia", 258, 8, 410, "4.10" },
        { 1, "ext1.arrh.pvc", 4, 10, 3, "3" },
        { 1, "ext1.ecg12.st-avr", 52, 14, -31, "-0.31" },
        { 1, "ext1.ecg12.st-v6", 52, 28, 12, "0.12" },
        { 1, "ext1.p8.sys", 96, 6, 9999, "99.99" },
        { 1, "ext1.spo2-2.pr", 110, 8, 61, "61" },
        { 1, "ext1.t6.temp", 132, 6, 2999, "29.99" },
        { 2, "ext2.nmt2.t4", 4, 14, 88, "88" },
        { 2, "ext2.eeg.femg", 28, 6, 123, "12.3" },
        { 2, "ext2.eeg.eeg4-bsr", 28, 70, 17, "17" },
        { 2, "ext2.bis.sr", 100, 12, 2, "2" },
        { 2, "ext2.entropy.re", 116, 8, 47, "47" },
        { 2, "ext2.spi.spi", 234, 6, 33, "33" },
        { 3, "ext3.gasex.rq", 4, 12, 812, "0.812" },
        { 3, "ext3.flow2.static-peepi", 18, 30, 65, "0.65" },
        { 3, "ext3.bal.et", 64, 6, 7910, "79.10" },
        { 3, "ext3.tono.cpma", 74, 20, 455, "45.5" },
        { 3, "ext3.aa2.mac-age-sum", 96, 6, 110, "1.10" },
        { 3, "ext3.delp.ppv", 120, 8, 1250, "12.50" },
        { 3, "ext3.cpp2.value", 138, 6, 6400, "64.00" },
        { 3, "ext3.picco.cci", 146, 6, 3120, "3.120" },
        { 3, "ext3.picco.svv", 146, 48, 88, "8.8" },
        { 3, "ext3.picco.tinj", 146, 52, 840, "8.40" },
    };

    [Theory]
    [MemberData(nameof(OneOfEach))]
    public void A_value_stands_where_the_sheet_has_it(int dataClass, string code, int group, int within, int raw, string expected)
    {
        byte[] data = Wire.Class(dataClass, [.. Wire.Group(group, On, 0), (group + within, raw)]);
        Ear ear = Wire.Heard(Wire.Record(0, 1, 11, (1, data)));
        Assert.Equal(expected, ear.Of<DeviceEvent.Numeric>().Single(one => one.Metric.DeviceCode == $"datex:{code}").Value?.ToString());
    }

    /// <summary>Groups and values lie side by side without holes or overlaps: the sizes that the sheet checks.</summary>
    [Fact]
    public void The_groups_of_a_class_do_not_overlap_and_stay_inside()
    {
        foreach (int dataClass in (int[])[0, 1, 2, 3])
        {
            int end = 4;
            foreach (GroupRow group in DatexNomenclature.Groups(dataClass).OrderBy(group => group.Offset))
            {
                Assert.InRange(group.Offset, end, 274);
                int extra = group.Name switch { "arrh" => 36, "eeg2" => 26, "bis" => 2, "entropy" => 16, "spi" => 8, "nmt2" => 8, "aa2" => 16, "flow2" => 14, _ => 0 };
                end = group.Offset + group.HeaderBytes + (2 * group.Values.Length) + extra;
            }

            Assert.InRange(end, 0, 274);
        }
    }

    [Fact]
    public void Every_id_of_the_tables_is_in_the_nomenclature()
    {
        IEnumerable<ValueRow> values = Enumerable.Range(0, 4).SelectMany(dataClass => DatexNomenclature.Groups(dataClass)).SelectMany(group => group.Values);
        Assert.All(values.Where(value => value.Id.Length > 0 && value.Id[0] != '@'), value => Assert.NotNull(Nomenclature.Shipped.ById(value.Id.Split('/')[0])));
        Assert.All(WaveTable.All.Where(wave => wave.Id.Length > 0 && wave.Id[0] != '@'), wave => Assert.NotNull(Nomenclature.Shipped.ById(wave.Id.Split('/')[0])));
    }

    [Theory]
    [InlineData(-32767, "not-available", "")]
    [InlineData(-32766, "not-available", "HR not updated")]
    [InlineData(-32765, "invalid", "HR discontinuous")]
    [InlineData(-32764, "invalid", "HR below range")]
    [InlineData(-32763, "invalid", "HR above range")]
    [InlineData(-32762, "invalid", "HR not calibrated")]
    [InlineData(-32001, "invalid", "HR special value -32001")]
    [InlineData(-32768, "invalid", "HR special value -32768")]
    public void A_special_value_is_no_number_and_says_why(int raw, string validity, string words)
    {
        Ear ear = Wire.Heard(Wire.Record(0, 1, 8, (1, Wire.Class(0, Wire.Group(4, On, 0, raw)))));
        DeviceEvent.Numeric rate = ear.Of<DeviceEvent.Numeric>().First();
        Assert.Null(rate.Value);
        Assert.Equal([validity], rate.Validity.Names());
        Assert.Equal(words, ear.State("basic.ecg.state") ?? string.Empty);
    }

    [Fact]
    public void The_smallest_real_value_and_a_heart_rate_of_nothing_are_numbers()
    {
        Ear ear = Wire.Heard(Wire.Record(0, 1, 8, (1, Wire.Class(0, [.. Wire.Group(4, On | (1 << 3), 0, 0), .. Wire.Group(90, On, 1, -32000)]))));
        Assert.Equal("0", ear.Last("hr"));
        Assert.Equal("-320.00", ear.Last("temp-esoph", "t1"));
    }

    [Fact]
    public void A_module_that_does_not_measure_has_no_values_and_one_that_goes_is_told_once()
    {
        static byte[] Frame(int number, long status) => Wire.Record(0, number, 8, (1, Wire.Class(0, Wire.Group(122, status, 0, 9700, 60, 200, NoData))));
        Ear ear = Wire.Heard(Frame(1, On), Frame(2, On), Frame(3, 0), Frame(4, 0), Frame(5, 1), Frame(6, On));
        Assert.Equal(["97.00", "97.00", null, null, "97.00"], ear.Of<DeviceEvent.Numeric>().Where(one => one.Metric.SignalId == "spo2").Select(one => one.Value?.ToString()));
    }

    [Theory]
    [InlineData(1, "hr")]
    [InlineData(9, "hr")]
    [InlineData(0, "pulse")]
    [InlineData(2, "pulse")]
    [InlineData(6, "pulse")]
    [InlineData(12, "pulse")]
    public void The_heart_rate_is_of_the_heart_only_when_it_comes_from_the_ecg(int source, string id)
    {
        Ear ear = Wire.Heard(Wire.Record(0, 1, 10, (1, Wire.Class(0, Wire.Group(4, On | ((long)source << 3), 0, 72)))));
        Assert.Equal("72", ear.Last(id));
    }

    [Theory]
    [InlineData(1, "art-mean")]
    [InlineData(2, "cvp-mean")]
    [InlineData(3, "pap-mean")]
    [InlineData(4, "rap-mean")]
    [InlineData(6, "lap-mean")]
    [InlineData(7, "icp-mean")]
    [InlineData(8, "abp-mean")]
    [InlineData(9, "ibp-mean")]
    [InlineData(16, "ibp-mean")]
    [InlineData(17, "uap-mean")]
    [InlineData(18, "uvp-mean")]
    [InlineData(19, "icp-mean")]
    [InlineData(99, "ibp-mean")]
    public void A_pressure_is_called_what_its_label_says(int label, string id)
    {
        Ear ear = Wire.Heard(Wire.Record(0, 1, 10, (1, Wire.Class(0, Wire.Group(34, On, label, 12_000, 7_000, 8_700, 66)))));
        Assert.Equal("87.00", ear.Last(id, "p2"));
    }

    [Fact]
    public void A_site_without_an_id_keeps_its_code_and_a_new_label_ends_the_old_signal()
    {
        static byte[] Frame(int number, int label) => Wire.Record(0, number, 10, (1, Wire.Class(0, Wire.Group(20, On, label, 3000, 500, 1500, NoData))));
        Ear ear = Wire.Heard(Frame(1, 5), Frame(2, 1));
        Assert.Contains(ear.Of<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "raw/datex/basic.p1.mean/RVP-mean" && one.Value?.ToString() == "15.00");
        Assert.Contains(ear.Of<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "raw/datex/basic.p1.mean/RVP-mean" && one.Value is null);
        Assert.Equal("15.00", ear.Last("art-mean", "p1"));
    }

    [Fact]
    public void The_gas_that_is_inspired_is_what_the_label_says()
    {
        Ear oxygen = Wire.Heard(Wire.Record(0, 1, 6, (1, Wire.Class(0, Wire.Group(136, On, 2 | (2 << 3), 500, 4000, 14, 7600)))));
        Assert.Equal(("40.00", "14", null), (oxygen.Last("fio2-gas", "co2"), oxygen.Last("resp-rate-impedance", "co2"), oxygen.Last("inco2")));
        Ear newer = Wire.Heard(Wire.Record(0, 1, 8, (1, Wire.Class(0, Wire.Group(136, On, 2 | (1 << 3), 490, 3, 14, 7600)))));
        Assert.Equal(("14", "37.24", "0.23"), (newer.Last("resp-rate-co2"), newer.Last("etco2"), newer.Last("inco2")));
    }

    [Fact]
    public void An_agent_is_called_by_its_name()
    {
        string[] names = ["agent", "agent", "hal", "enf", "iso", "des", "sev"];
        for (int label = 0; label < names.Length; label++)
        {
            Ear ear = Wire.Heard(Wire.Record(0, 1, 8, (1, Wire.Class(0, Wire.Group(170, On, label, 180, 210, 90)))));
            Assert.Equal(("1.80", "2.10"), (ear.Last($"{names[label]}-et"), ear.Last($"{names[label]}-insp")));
        }
    }

    [Fact]
    public void Counts_and_current_of_the_relaxation_come_out_of_one_word()
    {
        Ear seen = Wire.Heard(Wire.Record(0, 1, 8, (1, Wire.Class(0, Wire.Group(218, On, 0, 953, 820, -29_185)))));
        Assert.Equal((null, "70"), (seen.Last("tof-count"), seen.Of<DeviceEvent.Numeric>().Single(one => one.Metric.Label == "stimulus current").Value?.ToString()));
        const int Word = 12 | (4 << 5) | (50 << 9);
        byte[] data = Wire.Class(0, Wire.Group(218, On, 0, 953, 820, Word));
        Ear counted = Wire.Heard(Wire.Record(0, 1, 8, (1, data)));
        Assert.Equal("4", counted.Last("tof-count"));
        Ear trend = Wire.Heard(Wire.Record(0, 1, 8, (3, data)));
        Assert.DoesNotContain(trend.Of<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "tof-count");
        Ear special = Wire.Heard(Wire.Record(0, 1, 8, (1, Wire.Class(0, Wire.Group(218, On, 0, 953, 820, -31_000)))));
        Assert.All(special.Of<DeviceEvent.Numeric>().Where(one => one.Metric.DeviceCode is "datex:basic.nmt.ptc" or "datex:basic.nmt.count"), one => Assert.Null(one.Value));
    }

    [Fact]
    public void Trends_are_signals_of_their_own()
    {
        byte[] data = Wire.Class(0, Wire.Group(20, On, 1, 12_000, 7_000, 8_700, 66));
        Ear ear = Wire.Heard(Wire.Record(0, 1, 8, (2, data)), Wire.Record(0, 2, 8, (3, data)));
        Assert.Equal(("120.00", "120.00", null), (ear.Last("art-sys", "trend-10s/p1"), ear.Last("art-sys", "trend-60s/p1"), ear.Last("art-sys", "p1")));
        Assert.Empty(ear.Of<DeviceEvent.Text>());
    }

    [Fact]
    public void What_a_level_does_not_have_is_not_read()
    {
        byte[] data = Wire.Class(3, Wire.Group(146, On, 0, 3120));
        Assert.Empty(Wire.Heard(Wire.Record(0, 1, 10, (1, data))).Of<DeviceEvent.Numeric>());
        Assert.NotEmpty(Wire.Heard(Wire.Record(0, 1, 11, (1, data))).Of<DeviceEvent.Numeric>());
        byte[] saturation = Wire.Class(0, Wire.Group(122, On, 0, 9700, 60, 200, 7100));
        Assert.Equal("71.00", Wire.Heard(Wire.Record(0, 1, 9, (1, saturation))).Last("svo2", "spo2"));
        Assert.Null(Wire.Heard(Wire.Record(0, 1, 10, (1, saturation))).Last("svo2", "spo2"));
    }

    [Fact]
    public void The_class_is_what_its_bits_say_wherever_it_stands()
    {
        byte[] third = Wire.Class(3, Wire.Group(64, On, 0, 7910, NoData));
        byte[] basic = Wire.Class(0, Wire.Group(90, On, 1, 3700));
        Ear ear = Wire.Heard(Wire.Record(0, 1, 10, (1, third), (1, basic)));
        Assert.Equal("37.00", ear.Last("temp-esoph", "t1"));
        Assert.Contains(ear.Of<DeviceEvent.Numeric>(), one => one.Metric.DeviceCode == "datex:ext3.bal.et" && one.Value?.ToString() == "79.10");
        Assert.NotEmpty(Wire.Heard(Wire.Record(0, 1, 10, (1, Wire.Class(7)))).Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void States_touch_the_validity_where_the_monitor_doubts_itself()
    {
        static Validity Of(long status, int group, int label = 0) =>
            Wire.Heard(Wire.Record(0, 1, 10, (1, Wire.Class(0, Wire.Group(group, On | status, label, 8000, 8000, 8000, 80))))).Of<DeviceEvent.Numeric>().First().Validity;
        Assert.Equal(Validity.Questionable, Of(1 << 7, 4));
        Assert.Equal(Validity.CalibrationOngoing, Of(1 << 2, 20, 1));
        Assert.Equal(Validity.MeasurementOngoing, Of(0, 76, 1 << 5));
        Assert.Equal(Validity.Valid, Of(1 << 10, 4));
    }

    [Fact]
    public void Arrhythmias_are_told_in_words()
    {
        (int, int)[] words = [.. Wire.Group(4, On, 0, 80, 750, 2), (16, 0x0012), (18, 0x0800)];
        Ear ear = Wire.Heard(Wire.Record(0, 1, 10, (1, Wire.Class(1, words))));
        Assert.Equal("V-fib, extreme brady, brady", ear.State("ext1.arrh.arrhythmias"));
        Assert.Equal(("80", "750", "2"), (ear.Last("pulse", "arrhythmia"), ear.Last("rr-interval", "arrhythmia"), ear.Last("pvc-rate", "arrhythmia")));
    }

    [Fact]
    public void Electrodes_of_the_eeg_are_told_by_name()
    {
        byte[] data = Wire.Class(2, Wire.Group(202, On, 0, 6 | (4 << 8), 9 | (8 << 8), 15, 0, 0));
        Assert.Equal("reference Fz, EEG1 A1 to F7, EEG2 A2 to F8, EEG3 none to none, EEG4 none to none", Wire.Heard(Wire.Record(0, 1, 8, (1, data))).State("ext2.eeg2.electrodes"));
    }

    [Fact]
    public void A_mark_is_told_when_it_is_made()
    {
        static byte[] Frame(int number, byte marker)
        {
            byte[] data = Wire.Class(0, Wire.Group(90, On, 1, 3700));
            data[274] = marker;
            return Wire.Record(0, number, 10, (1, data));
        }

        Ear ear = Wire.Heard(Frame(1, 4), Frame(2, 4), Frame(3, 5));
        Assert.Equal("mark 5", Assert.Single(ear.Of<DeviceEvent.Text>(), one => one.Metric.SignalId == "evt-bookmark").Value);
    }

    [Fact]
    public void Every_bit_of_every_status_is_read_without_a_fault()
    {
        for (int dataClass = 0; dataClass < 4; dataClass++)
        {
            for (int level = 2; level <= 11; level++)
            {
                (int Offset, int Word)[] words = [.. DatexNomenclature.Groups(dataClass).Where(group => group.HeaderBytes > 0).SelectMany(group => Wire.Group(group.Offset, 0xFFFFFFFF, 0xFFFF))];
                Ear ear = Wire.Heard(Wire.Record(0, 1, level, (1, Wire.Class(dataClass, words))));
                Assert.Empty(ear.Of<DeviceEvent.Fault>());
                Assert.Equal(DatexNomenclature.Groups(dataClass).Any(group => level >= group.FirstLevel && !group.Values.IsEmpty), ear.Of<DeviceEvent.Numeric>().Any());
            }
        }
    }

    /// <summary>Text of a network record; over a serial line none come.</summary>
    [Fact]
    public void The_patient_of_a_network_record_goes_to_the_vault()
    {
        byte[] patient = new byte[350];
        "Ada"u8.CopyTo(patient);
        "Lovelace"u8.CopyTo(patient.AsSpan(30));
        "4711"u8.CopyTo(patient.AsSpan(70));
        (int Offset, int Value)[] numbers = [(140, 2), (148, 1650), (152, 612), (156, 1915), (158, 12), (160, 10), (164, 166)];
        foreach ((int offset, int value) in numbers)
        {
            BitConverter.TryWriteBytes(patient.AsSpan(offset), (short)value);
        }

        Ear ear = Wire.Heard(Wire.Record(5, 1, 8, (6, patient)));
        DeviceEvent.Patient said = Assert.Single(ear.Of<DeviceEvent.Patient>());
        Assert.Equal(
            "birth-date=1915-12-10;bsa=1.66 m2;family-name=Lovelace;given-name=Ada;height=1650 mm;id=4711;sex=female;weight=61.2 kg",
            string.Join(';', said.Fields.Select(pair => $"{pair.Key}={pair.Value}")));
    }
}
