using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.HamiltonPolling;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Hamilton;

namespace Bedside.Tests.Ingest.HamiltonPolling;

/// <summary>The sheet's own bytes: what the driver asks, what the simulator answers, and what the driver makes of it.</summary>
public class SheetExampleTests
{
    private static readonly HamiltonPollingDriver Driver = new();

    [Theory]
    [InlineData("0228030D")]
    [InlineData("0242030D")]
    [InlineData("023E030D")]
    public void The_questions_of_the_sheet_may_leave_the_box(string hex) =>
        Assert.Contains(Driver.Traits.Outgoing, allowed => allowed.Matches(Convert.FromHexString(hex)));

    [Fact]
    public void Each_parameter_may_be_asked_for_and_nothing_else_may_leave_the_box()
    {
        byte[] asked = [.. Driver.Traits.Outgoing.Select(allowed => allowed.Bytes.Span[1]).Order()];
        int[] table = [31, .. Enumerable.Range(35, 23), .. Enumerable.Range(60, 60), .. Enumerable.Range(121, 5)];
        Assert.Equal(table, asked.Select(id => (int)id));
        Assert.All(Driver.Traits.Outgoing, allowed => Assert.Equal((4, true), (allowed.Bytes.Length, allowed.Mask.IsEmpty)));
        Assert.DoesNotContain(Driver.Traits.Outgoing, allowed => allowed.Matches([0x02, 0x78, 0x03, 0x0D]) || allowed.Matches([0x02, 0x22, 0x03, 0x0D]));
    }

    [Theory]
    [InlineData("02422020 32322E030D", 66, "22")]
    [InlineData("023E2020 372E35030D", 62, "7.5")]
    [InlineData("02423939 39392E030D", 66, "-")]
    public void The_values_of_the_sheet_are_read(string hex, byte id, string number)
    {
        DeviceEvent.Numeric told = Assert.Single(Hear((id, Bytes(hex))).Of<DeviceEvent.Numeric>());
        Assert.Equal((id == 66 ? "ppeak" : "mv-exp", number), (told.Metric.SignalId, told.Value?.ToString() ?? "-"));
        Assert.Equal(number == "-", told.Validity.HasFlag(Validity.NotAvailable));
    }

    [Fact]
    public void The_simulator_writes_them_alike()
    {
        Assert.Equal(Bytes("0242202032322E030D"), HamiltonReply.Value(66, HamiltonReply.Number(22, 0)));
        Assert.Equal(Bytes("023E2020372E35030D"), HamiltonReply.Value(62, HamiltonReply.Number(7.5, 1)));
        Assert.Equal(Bytes("0242393939392E030D"), HamiltonReply.Value(66, HamiltonReply.Number(value: null, 0)));
        Assert.Equal(Bytes("025245 52524F52030D"), HamiltonReply.Error);
        Assert.Equal(Bytes("027C4730 323030030D"), HamiltonReply.Version(124, 'G', "0200"));
        Assert.Equal(Bytes("02413533 34326A030D"), HamiltonReply.Text("A5342j"));
    }

    [Fact]
    public void An_identification_and_a_version_name_the_ventilator()
    {
        DeviceIdentity device = Hear((86, Bytes("0241353334326A030D")), (124, Bytes("027C4730323030030D")), (125, Bytes("027D4730323431030D"))).Of<DeviceEvent.Identity>().Last().Device;
        Assert.Equal(("A5342j", "G0200", "G0241", true), (device.Properties["ventilator-number"], device.Properties["language-file-version"], device.Firmware, device.IsExperimental));
    }

    /// <summary>Their first letters are those of identifications: the question decides.</summary>
    [Theory]
    [InlineData(65, "raw/hamilton-polling/65/I-E-SIMV-text", "1:2.0")]
    [InlineData(66, "ppeak", "   22")]
    [InlineData(67, "pmean", "   11")]
    public void A_value_that_looks_like_an_identification_is_what_was_asked_for(byte id, string signal, string text)
    {
        Ear ear = Hear((id, HamiltonReply.Value(id, text)), (id, HamiltonReply.Value(id, text)));
        Assert.Equal(text.Trim(), ear.Number(signal) ?? ear.Text(signal));
        Assert.False(ear.Of<DeviceEvent.Identity>().Single().Device.Properties.ContainsKey("ventilator-number"));
    }

    [Fact]
    public void An_error_is_no_value_and_takes_back_the_one_before()
    {
        Assert.Empty(Hear((82, HamiltonReply.Error)).Of<DeviceEvent.Numeric>());
        Ear ear = Hear((66, HamiltonReply.Value(66, "22.")), (66, HamiltonReply.Error));
        Assert.Equal([true, false], ear.Of<DeviceEvent.Numeric>().Select(told => told.Value is not null));
    }

    [Fact]
    public void Curves_that_another_host_asks_for_end_by_their_length_and_are_counts()
    {
        // 1657 is 39 39; the first word holds 03 0D where a text would end.
        byte[] reply = [0x02, 0x78, 0x01, 0x03, 0x0D, 0x39, 0x39, 0x08, 0x23, 0x14, 0x1B, 0x03, 0x0D];
        Ear ear = Hear((120, reply), (66, HamiltonReply.Value(66, "22.")));
        Assert.Equal(["-1213", "1657", "200", "-300"], new[] { "Ppat", "Popt", "flow", "volume" }.Select(name => ear.Number($"raw/hamilton-polling/120/{name}")));
        Assert.Equal(("22", "01"), (ear.Number("ppeak"), ear.Text("raw/hamilton-polling/120/status")));
        Assert.Equal(reply[..3].Concat(reply[5..]), HamiltonReply.Curves(120, 1, 1657, 200, -300, 0)[..9].Concat(reply[^2..]));
        Assert.Empty(ear.Faults);
    }

    [Theory]
    [InlineData(23, "set-phigh")]
    [InlineData(24, "set-phigh")]
    [InlineData(19, "set-pc")]
    public void A_parameter_is_what_the_mode_makes_of_it(int mode, string id)
    {
        Ear ear = Hear((40, HamiltonReply.Value(40, $"{mode}.")), (87, HamiltonReply.Value(87, "18.")), (42, HamiltonReply.Value(42, "12.")));
        Assert.Equal("18", ear.Number(id));
        Assert.Null(ear.Number("raw/hamilton-polling/42/SIMV-rate"));
    }

    [Fact]
    public void A_reply_to_another_question_is_refused()
    {
        Ear ear = Hear((66, HamiltonReply.Value(67, "22.")));
        Assert.Empty(ear.Of<DeviceEvent.Numeric>());
        Assert.Single(ear.Faults);
    }

    [Theory]
    [InlineData("0242202032322E030D", 1, Verdict.NeedMore)]
    [InlineData("0242202032322E030D", 2, Verdict.Yes)]
    [InlineData("02524552524F52030D", 3, Verdict.NeedMore)]
    [InlineData("0228030D", 100, Verdict.NeedMore)]
    [InlineData("0241353334326A030D", 80, Verdict.No)]
    public void Two_replies_that_are_numbers_make_a_ventilator(string hex, int times, Verdict verdict) =>
        Assert.Equal(verdict, Driver.Sniff([.. Enumerable.Repeat(Bytes(hex), times).SelectMany(one => one)], Transport.Serial));

    private static Ear Hear(params (byte Asked, byte[] Reply)[] talk)
    {
        var ear = new Ear(Driver);
        IDriverSession session = Driver.Open(new SessionOptions(Transport.Serial, ListenOnly: true));
        foreach ((byte asked, byte[] reply) in talk)
        {
            session.OnChunk(new Chunk(default, Frame.Request(asked), ChunkDirection.ToDevice), ear);
            session.OnChunk(new Chunk(default, reply), ear);
        }

        return ear;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
