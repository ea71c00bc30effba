using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

public sealed class WaveTests
{
    private const ushort Invoke = 7;
    private const uint Block = 2048;
    private const ushort MmHg = 0x0F20;
    private static readonly byte[] AbpScale = Wire.Hex("00FFFFD8 00000208 00A0 23A0");
    private static readonly byte[] NoScale = Wire.Scale(Wire.NaN, Wire.NaN, 0, 4095);
    private static readonly byte[] EcgScale = Wire.Hex("FEFFF000 FD009FFB 0000 3FFF");

    [Fact]
    public void Samples_wait_for_their_scale_and_are_then_all_said_with_it()
    {
        var box = new Listener(listenOnly: true);
        for (ushort i = 1; i <= 5; i++)
        {
            box.Hear(Abp(i));
        }

        Assert.Empty(box.Of<DeviceEvent.Samples>());
        box.Hear(Abp(6, Wire.WaveContext(0x24A14, 13, 64, MmHg, AbpScale)));

        DeviceEvent.Samples[] said = [.. box.Of<DeviceEvent.Samples>()];
        Assert.Equal([2048ul, 4096ul, 6144ul, 8192ul, 10240ul, 12288ul], said.Select(one => one.At!.Value.Counter));
        Assert.All(said, one => Assert.Equal(new Scale(0.0625, -50), one.Scale));
        Assert.True(box.Events.FindIndex(one => one is DeviceEvent.Descriptor) < box.Events.FindIndex(one => one is DeviceEvent.Samples));
        Assert.Empty(box.Of<DeviceEvent.Missing>());
    }

    [Fact]
    public void Waiting_is_bounded_and_what_is_dropped_is_said()
    {
        var box = new Listener(listenOnly: true);
        for (ushort i = 1; i <= 200; i++)
        {
            box.Hear(Abp(i));
        }

        long dropped = box.Of<DeviceEvent.Missing>().Sum(missing => missing.Count);
        Assert.All(box.Of<DeviceEvent.Missing>(), missing => Assert.Equal((GapCause.Uncalibrated, "abp"), (missing.Cause, missing.Metric?.SignalId)));
        box.Hear(Abp(201, Wire.WaveContext(0x24A14, 13, 64, MmHg, AbpScale)));
        long said = box.Of<DeviceEvent.Samples>().Sum(one => (long)one.Raw.Length);
        Assert.Equal(201 * 4, dropped + said);
        Assert.InRange(said, 4 * 40, 4 * 65);
        Assert.Equal(201 * Block, box.Of<DeviceEvent.Samples>().Last().At!.Value.Counter);
    }

    [Fact]
    public void Without_limits_a_wave_is_dimensionless_and_said_at_once()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Wave(1, Wire.Object(986, [.. Wire.WaveContext(0x24BB4, 12, 64, 0x0200, NoScale), Wire.Samples(0x4BB4, 0, 1, 0xF002)])));

        DeviceEvent.Samples samples = Assert.Single(box.Of<DeviceEvent.Samples>());
        Assert.Null(samples.Scale);
        Assert.Equal(("pleth", "1"), (samples.Metric.SignalId, samples.Metric.Unit));
        Assert.Equal([1, 2], samples.Raw.ToArray());
    }

    [Fact]
    public void Leads_share_a_handle_but_never_a_context()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Wave(1, Wire.Object(686, [.. Wire.WaveContext(0x20101, 14, 16, 0x10B2, EcgScale), Wire.Samples(0x0101, 0, 100, 101)])));
        box.Hear(Wave(2, Wire.Object(686, Wire.Samples(0x0102, 0, 200, 201))));
        Assert.DoesNotContain(box.Of<DeviceEvent.Samples>(), one => one.Metric.SignalId == "ecg-ii");

        box.Hear(Wave(3, Wire.Object(686, Wire.WaveContext(0x20102, 14, 32, 0x10B2, EcgScale))));
        DeviceEvent.Samples second = Assert.Single(box.Of<DeviceEvent.Samples>(), one => one.Metric.SignalId == "ecg-ii");
        Assert.Equal(new SamplePeriod(1, 250), second.Period);
    }

    [Fact]
    public void A_lead_alone_and_in_the_compound_are_two_signals()
    {
        var box = new Listener(listenOnly: true);
        byte[][] compound =
        [
            .. Wire.WaveContext(0x20100, 14, 32, 0x10B2, EcgScale).Skip(1), Wire.Specification(structure: 1, components: 3),
            Wire.Attribute(0x0967, Wire.Counted([Lead(0x0102, 8192), Lead(0x0143, 8193), Lead(0x013E, 8194)])),
        ];
        byte[][] single = [.. Wire.WaveContext(0x20102, 14, 16, 0x10B2, EcgScale), Wire.Samples(0x0102, 0, 1, 2, 3, 4)];
        box.Hear(Wave(1, Wire.Object(686, compound), Wire.Object(686, single)));

        Assert.Equal(
            ["ecg-ii compound 1/250 s", "ecg-v compound 1/250 s", "ecg-avr compound 1/250 s", "ecg-ii  1/500 s"],
            box.Of<DeviceEvent.Samples>().Select(one => $"{one.Metric.SignalId} {one.Metric.Channel} {one.Period}"));
        Assert.All(box.Of<DeviceEvent.Samples>(), one => Assert.Equal(new Scale(0.005, -40.96), one.Scale));
    }

    [Fact]
    public void Marked_samples_are_cut_to_their_bits_and_named_in_runs()
    {
        var box = new Listener(listenOnly: true);
        byte[] marks = Wire.Attribute(0x0A16, Wire.Counted([Wire.U16(4, 0x8008), Wire.U16(3, 0x4001), Wire.U16(2, 0x8004)]));
        byte[] samples = Wire.Samples(0x0102, 0, 8192, 0x8004 | 0x1F00, 0x4001, 0xA008, 0xA009, 0xA008, 8192);
        box.Hear(Wave(1, Wire.Object(686, [.. Wire.WaveContext(0x20102, 14, 16, 0x10B2, EcgScale), marks, samples])));

        DeviceEvent.Samples said = Assert.Single(box.Of<DeviceEvent.Samples>());
        Assert.Equal([8192, 0x1F04, 1, 0x2008, 0x2009, 0x2008, 8192], said.Raw.ToArray());
        Assert.Equal(
            [new ValidityRun(1, 1, Validity.PacerMark), new ValidityRun(2, 1, Validity.DefibrillatorMark), new ValidityRun(3, 3, Validity.Saturated)],
            said.Runs.AsEnumerable());
    }

    [Fact]
    public void A_mark_within_the_significant_bits_is_one_value_and_no_mask()
    {
        var box = new Listener(listenOnly: true);
        byte[] marks = Wire.Attribute(0x0A16, Wire.Counted([Wire.U16(1, 0x0000), Wire.U16(4, 0x0FFF)]));
        byte[] samples = Wire.Samples(0x5000, 0, 0, 1, 0x0FFF, 0x0FFE);
        box.Hear(Wave(1, Wire.Object(696, [.. Wire.WaveContext(0x25000, 12, 128, 0x10C0, AbpScale), marks, samples])));

        Assert.Equal(
            [new ValidityRun(0, 1, Validity.Invalid), new ValidityRun(2, 1, Validity.Saturated)],
            Assert.Single(box.Of<DeviceEvent.Samples>()).Runs.AsEnumerable());
    }

    [Fact]
    public void A_changed_scale_holds_from_its_own_block_on()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Abp(1, Wire.WaveContext(0x24A14, 13, 64, MmHg, AbpScale)));
        box.Hear(Abp(2));
        box.Hear(Abp(3, Wire.WaveContext(0x24A14, 13, 64, 0x0F03, Wire.Scale(0, 100, 0, 1000))));

        Assert.Equal([new Scale(0.0625, -50), new Scale(0.0625, -50), new Scale(0.1, 0)], box.Of<DeviceEvent.Samples>().Select(one => one.Scale!.Value));
        Assert.Equal(["mm[Hg]", "mm[Hg]", "kPa"], box.Of<DeviceEvent.Samples>().Select(one => one.Metric.Unit));
        Assert.Equal(2, box.Of<DeviceEvent.Descriptor>().Count());
    }

    [Fact]
    public void The_same_block_by_two_polls_is_said_once_and_a_split_slice_whole()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Abp(1, Wire.WaveContext(0x24A14, 13, 64, MmHg, AbpScale)));
        box.Hear(Wire.Reply(99, 5, Block, Wire.Wave, [Wire.Context(0, Wire.Object(2332, Wire.Samples(0x4A14, 0, 1, 2, 3, 4)))]));
        box.Hear(Wire.Reply(Invoke, 2, Block, Wire.Wave, [Wire.Context(1, Wire.Object(986, [.. Wire.WaveContext(0x24BB4, 12, 64, 0x0200, NoScale), Wire.Samples(0x4BB4, 0, 7)]))]));

        Assert.Equal(["abp", "pleth"], box.Of<DeviceEvent.Samples>().Select(one => one.Metric.SignalId));
    }

    [Fact]
    public void An_invalid_state_marks_the_whole_block()
    {
        var box = new Listener(listenOnly: true);
        byte[][] attributes = [.. Wire.WaveContext(0x24A14, 13, 64, MmHg, AbpScale), Wire.Samples(0x4A14, 0x8400, 1)];
        box.Hear(Wave(1, Wire.Object(2332, attributes)));

        Assert.Equal(Validity.Invalid | Validity.DemoData, Assert.Single(box.Of<DeviceEvent.Samples>()).Validity);
    }

    [Fact]
    public void Eight_bit_samples_are_read_as_such()
    {
        var box = new Listener(listenOnly: true);
        byte[][] context = Wire.WaveContext(0x24A14, 8, 64, MmHg, AbpScale);
        context[2] = Wire.Attribute(0x096D, Wire.Join(Wire.U16(3), [8, 8], Wire.U16(0)));
        box.Hear(Wave(1, Wire.Object(2332, [.. context, Wire.Attribute(0x096E, Wire.Hex("4A14 0000 0003 01 80 FF"))])));

        Assert.Equal([1, 128, 255], Assert.Single(box.Of<DeviceEvent.Samples>()).Raw.ToArray());
    }

    [Fact]
    public void A_new_association_waits_for_its_own_context_again()
    {
        var box = new Listener(listenOnly: true);
        box.Hear(Abp(1, Wire.WaveContext(0x24A14, 13, 64, MmHg, AbpScale)));
        box.Hear(Wire.MdsCreate(1, 9000));
        box.Hear(Abp(6));

        Assert.Single(box.Of<DeviceEvent.Samples>());
    }

    private static byte[] Lead(ushort physio, ushort sample) => Wire.Join(Wire.U16(physio, 0, 4), Wire.U16(sample, sample));

    private static byte[] Abp(ushort number, byte[][]? context = null) =>
        Wave(number, Wire.Object(2332, [.. context ?? [], Wire.Samples(0x4A14, 0, number, 2, 3, 4)]));

    private static byte[] Wave(ushort number, params byte[][] objects) =>
        Wire.Reply(Invoke, number, number * Block, Wire.Wave, [Wire.Context(1, objects)]);
}
