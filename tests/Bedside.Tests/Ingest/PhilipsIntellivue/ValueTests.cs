using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Numerics, states, alarms and demographics.</summary>
public sealed class ValueTests
{
    private const ushort Bpm = 0x0AA0;

    [Fact]
    public void The_label_tells_which_pressure_a_pulse_is_from()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Numerics(
            0,
            Wire.Object(1, Wire.Label(0x80035402), Wire.NumericValue(0x480A, 61)),
            Wire.Object(2, Wire.Label(0x80035403), Wire.NumericValue(0x480A, 62)),
            Wire.Object(3, Wire.Label(0x0002480A), Wire.NumericValue(0x480A, 63))));

        Assert.Equal(["pulse abp 61", "pulse art 62", "pulse  63"], box.Of<DeviceEvent.Numeric>().Select(one => $"{one.Metric.SignalId} {one.Metric.Channel} {one.Value}"));
    }

    [Fact]
    public void Two_objects_of_one_meaning_are_two_signals_and_handles_of_the_next_association_change_nothing()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Numerics(0, Wire.Object(1, Wire.NumericValue(0x4BB8, 97, 0x0220)), Wire.Object(2, Wire.NumericValue(0x4BB8, 95, 0x0220))));
        Assert.Equal(["", "2"], box.Of<DeviceEvent.Numeric>().Select(one => one.Metric.Channel));

        box.Events.Clear();
        box.Hear(Wire.MdsCreate(1, 9000));
        box.Hear(Numerics(2, Wire.Object(71, Wire.NumericValue(0x4BB8, 97, 0x0220)), Wire.Object(72, Wire.NumericValue(0x4BB8, 95, 0x0220))));
        Assert.Equal(["", "2"], box.Of<DeviceEvent.Numeric>().Select(one => one.Metric.Channel));
        Assert.Empty(box.Of<DeviceEvent.Descriptor>());
    }

    [Fact]
    public void A_cuff_pressure_is_said_once_for_each_measurement()
    {
        var box = new Listener(listenOnly: true);
        for (ushort cycle = 0; cycle < 30; cycle++)
        {
            byte[] stamp = Wire.Attribute(0x0990, Wire.Hex(cycle < 20 ? "2024031510300000" : "2024031510450000"));
            ushort state = (ushort)(cycle % 2);
            byte[] value = Wire.Attribute(0x094B, Wire.Counted([Wire.Value(0x4A05, state, 0x0F20, 120), Wire.Value(0x4A06, state, 0x0F20, 80), Wire.Value(0x4A07, state, 0x0F20, 90)]));
            box.Hear(Numerics(cycle, Wire.Object(1, Wire.Specification(access: 0x5228), Wire.Label(0x24A04), stamp, value)));
        }

        Assert.Equal(
            ["nibp-sys 10:30", "nibp-dia 10:30", "nibp-mean 10:30", "nibp-sys 10:45", "nibp-dia 10:45", "nibp-mean 10:45"],
            box.Of<DeviceEvent.Numeric>().Select(one => $"{one.Metric.SignalId} {one.MeasuredAt:HH:mm}"));
        Assert.All(box.Of<DeviceEvent.Descriptor>(), one => Assert.Null(one.Metric.ExpectedEvery));
    }

    [Fact]
    public void A_relative_stamp_becomes_the_monitors_wall_time()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Wire.MdsCreate(1, 800_000, Wire.Attribute(0x0987, Wire.Hex("2024031510300000"))));
        box.Hear(Numerics(99, Wire.Object(1, Wire.Attribute(0x0991, Wire.U32(720_000)), Wire.NumericValue(0x4A05, 120, 0x0F20))));

        Assert.Equal(new DateTime(2024, 3, 15, 10, 29, 50, DateTimeKind.Unspecified), Assert.Single(box.Of<DeviceEvent.Numeric>()).MeasuredAt);
    }

    [Theory]
    [InlineData(0x0000, 72u, "72", Validity.Valid)]
    [InlineData(0x8000, 72u, null, Validity.Invalid)]
    [InlineData(0x4000, 72u, "72", Validity.Questionable)]
    [InlineData(0x2000, 72u, null, Validity.NotAvailable)]
    [InlineData(0x1000, 72u, "72", Validity.CalibrationOngoing)]
    [InlineData(0x0800, 72u, "72", Validity.TestData)]
    [InlineData(0x0400, 72u, "72", Validity.DemoData)]
    [InlineData(0x00A3, 72u, "72", Validity.ValidatedData | Validity.MeasurementOngoing | Validity.InAlarm | Validity.AlarmInhibited)]
    [InlineData(0x031C, 72u, "72", Validity.Valid)]
    [InlineData(0x0000, Wire.NaN, null, Validity.NotAvailable)]
    [InlineData(0x0000, 0x00800000u, null, Validity.NotAvailable)]
    public void A_state_becomes_a_validity(int state, uint number, string? value, Validity validity)
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Numerics(0, Wire.Object(1, Wire.NumericValue(0x4182, number, Bpm, (ushort)state))));

        DeviceEvent.Numeric said = Assert.Single(box.Of<DeviceEvent.Numeric>());
        Assert.Equal((value, validity), (said.Value?.ToString(), said.Validity));
    }

    [Fact]
    public void A_monitor_in_demo_mode_never_gives_clinical_data()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Wire.MdsCreate(1, 1000, Wire.Attribute(0x0946, Wire.U16(0x2000))));
        box.Hear(Numerics(1, Wire.Object(1, Wire.NumericValue(0x4182, 72))));

        Assert.True(Assert.Single(box.Of<DeviceEvent.Identity>()).Device.Demo);
        Assert.Equal(Validity.DemoData, Assert.Single(box.Of<DeviceEvent.Numeric>()).Validity);
    }

    [Fact]
    public void The_unit_is_the_one_on_the_wire()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Numerics(0, Wire.Object(1, Wire.NumericValue(0x4A15, 0xFF0000A0, 0x0F03))));
        box.Hear(Numerics(1, Wire.Object(1, Wire.NumericValue(0x4A15, 120, 0x0F20))));
        box.Hear(Numerics(2, Wire.Object(1, Wire.NumericValue(0x4A15, 120, 0x1234))));

        Assert.Equal(["16.0 kPa", "120 mm[Hg]", "120 {philips:0x1234}"], box.Of<DeviceEvent.Numeric>().Select(one => $"{one.Value} {one.Metric.Unit}"));
    }

    [Fact]
    public void What_has_no_row_keeps_its_number_and_name()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Numerics(0, Wire.Object(1, Wire.NumericValue(0xF03D, 1, 0x0512)), Wire.Object(2, Wire.NumericValue(0xFABC, 2, 0x0200))));

        Assert.Equal(["raw/philips/0xF03D/NOM_ECG_AMPL_ST_INDEX 0", "raw/philips/0xFABC/unnamed 0"], box.Of<DeviceEvent.Numeric>().Select(one => $"{one.Metric.SignalId} {one.Metric.Code}"));
    }

    [Fact]
    public void Set_values_are_settings_and_not_measurements()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Numerics(
            0,
            Wire.Object(1, Wire.Label(0x040251A8), Wire.Specification(category: 4), Wire.NumericValue(0x51A8, 5, 0x0F40)),
            Wire.Object(2, Wire.Label(0x000251A8), Wire.Specification(), Wire.NumericValue(0x51A8, 6, 0x0F40))));

        Assert.Equal(
            [("set-peep", SignalKind.Setting), ("peep", SignalKind.Numeric)],
            box.Of<DeviceEvent.Numeric>().Select(one => (one.Metric.SignalId, one.Metric.Kind)));
    }

    [Fact]
    public void Every_term_and_unit_of_the_sheet_leads_somewhere()
    {
        string[] unmapped = ["raw/philips/0x0300", "raw/philips/0xF03D", "raw/philips/0xF960", "raw/philips/0xF12A", "raw/philips/0xF040", "raw/philips/0x50F4", "raw/philips/0xEFFF"];
        Assert.True(Terms.Listed.Count >= 165);
        Assert.All(Terms.Listed, term =>
        {
            Meaning[] meanings = [Meanings.Of(term.Code, term.Label, 1, SignalKind.Numeric), Meanings.Of(term.Code, term.Label, 1, SignalKind.Waveform)];
            bool known = Array.Exists(meanings, meaning => Nomenclature.Shipped.ById(meaning.SignalId) is not null);
            Assert.Equal(!Array.Exists(unmapped, start => meanings[0].SignalId.StartsWith(start, StringComparison.Ordinal)), known);
            Assert.All(meanings, meaning => Assert.Equal(term.Site, meaning.Channel));
        });
        Assert.NotEmpty(Units.Listed.Skip(68));
        Assert.Equal(["/min", "/min", "/min", "/min"], new ushort[] { 0x0AA0, 0x0AC0, 0x0AE0, 0x09E0 }.Select(Units.Ucum));
    }

    [Fact]
    public void Codes_below_f000_are_those_of_the_standard_but_one()
    {
        Assert.Equal(149530u, Meanings.Of(0x4822, label: null, 0, SignalKind.Numeric).Code);
        Assert.All(
            Terms.Listed.Where(term => term.Code is < 0xF000 and not 0x4822 && term.Reference.Length > 0),
            term => Assert.Equal(0x20000u + term.Code, Meanings.Of(term.Code, label: null, 0, SignalKind.Numeric).Code));
        Assert.Equal(Terms.Listed.Count, Terms.Listed.Select(term => term.Code).Distinct().Count());
    }

    [Fact]
    public void A_state_is_said_when_it_changes()
    {
        var box = new Listener(listenOnly: true);
        ushort[] states = [0x1001, 0x1001, 0x1002, 0x1001];
        for (ushort i = 0; i < states.Length; i++)
        {
            byte[] value = Wire.Attribute(0x099E, Wire.U16(0xD007, 0, 1, 2, states[i]));
            box.Hear(Wire.Reply(6, i, i * 8192u, Wire.Enumeration, [Wire.Context(1, Wire.Object(1, Wire.Label(0x0002D007), value))]));
        }

        Assert.Equal(["ecg-rhythm-status 4097", "ecg-rhythm-status 4098", "ecg-rhythm-status 4097"], box.Of<DeviceEvent.Text>().Select(one => $"{one.Metric.SignalId} {one.Code}"));
    }

    [Fact]
    public void Alarms_start_change_and_end_with_the_lists()
    {
        var box = new Listener(listenOnly: true);
        byte[] high = Alarm(0x4182, 0x0028, 0x0200, 0x0008, "** HR 135>120");
        byte[] sameButOld = Alarm(0x4182, 0x0028, 0x0200, 0x0000, "** HR 135>120");
        byte[] higher = Alarm(0x4182, 0x0028, 0x0400, 0x3000, "***TACHY");
        byte[] inop = Alarm(0x0041, 0x0017, 0x0001, 0xC000, text: null);
        box.Hear(Alarms(0, [high], []));
        box.Hear(Alarms(1, [sameButOld], []));
        box.Hear(Alarms(2, [higher], [inop]));
        box.Hear(Alarms(3, [], [inop]));
        box.Hear(Alarms(4, [], []));

        Assert.Equal(
            [
                "Start Medium ** HR 135>120 hr", "Update High ***TACHY hr", "Start Low DISCONN (philips:object-0x0041) philips:object-0x0041",
                "End High ***TACHY hr", "End Low DISCONN (philips:object-0x0041) philips:object-0x0041",
            ],
            box.Of<DeviceEvent.AlertSaid>().Select(one => $"{one.Alert.Phase} {one.Alert.Priority} {one.Alert.Text} {one.Alert.Source}"));
        Alert update = box.Of<DeviceEvent.AlertSaid>().ElementAt(1).Alert;
        Assert.True(update is { Silenced: true, Latched: true, Inhibited: false, Technical: false, Code: 196648 });
        Alert technical = box.Of<DeviceEvent.AlertSaid>().ElementAt(2).Alert;
        Assert.True(technical is { Technical: true, Inhibited: true, Code: 196630, CodeName: "NOM_EVT_DISCONN" });
    }

    [Fact]
    public void An_alarm_with_unknown_information_is_kept_and_the_ones_behind_it_too()
    {
        var box = new Listener(listenOnly: true);
        byte[] odd = Wire.Join(Wire.U16(0x4BB8, 0x0CAE, 0x0400, 0, 6, 1, 9, 999, 3), [1, 2, 3]);
        box.Hear(Alarms(0, [odd, Alarm(0x4182, 0x0028, 0x0200, 0, "HR")], []));

        Assert.Equal(["DESAT (spo2)", "HR"], box.Of<DeviceEvent.AlertSaid>().Select(one => one.Alert.Text));
    }

    [Fact]
    public void Half_a_list_ends_no_alarm()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Alarms(0, [Alarm(0x4182, 0x0028, 0x0200, 0, "HR")], []));
        byte[] cut = Wire.Attribute(0x0902, Wire.Hex("0001 0010 4182 0028"));
        box.Hear(Wire.Reply(5, 1, 8192, Wire.Alarm, [Wire.Context(0, Wire.Object(33793, cut))]));

        Assert.Equal(AlertPhase.Start, Assert.Single(box.Of<DeviceEvent.AlertSaid>()).Alert.Phase);
    }

    [Fact]
    public void Demographics_are_said_again_only_when_they_changed()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Vectors.PatientResult);
        box.Hear(Wire.Single(8, 224_100_000, 0x2A, Wire.Context(0, Wire.Object(80, Wire.Attribute(0x0957, Wire.U16(8))))));
        box.Hear(Wire.Single(8, 224_200_000, 0x2A, Wire.Context(0, Wire.Object(80, Wire.Attribute(0x0957, Wire.U16(8))))));

        Assert.Equal(["admitted", "discharged"], box.Of<DeviceEvent.Patient>().Select(one => one.Fields["state"]));
    }

    private static byte[] Numerics(ushort cycle, params byte[][] objects) =>
        Wire.Reply(4, cycle, cycle * 8192u, Wire.Numeric, [Wire.Context(1, objects)]);

    private static byte[] Alarms(ushort cycle, byte[][] patient, byte[][] technical) =>
        Wire.Reply(5, cycle, cycle * 8192u, Wire.Alarm, [Wire.Context(0, Wire.Object(33793, Wire.Attribute(0x0902, Wire.Counted(patient)), Wire.Attribute(0x0904, Wire.Counted(technical))))]);

    private static byte[] Alarm(ushort source, ushort code, ushort type, ushort state, string? text)
    {
        byte[] common = Wire.Join(Wire.U16(17), Wire.U32(0x00024182), Wire.U16(2, 0x4000));
        byte[] info = text is null ? common : Wire.Join(common, Wire.Text(text));
        return Wire.Join(Wire.U16(source, code, type, state, 6, 1, 0x82B3, (ushort)(text is null ? 513 : 516), (ushort)info.Length), info);
    }
}
