using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>The worked examples of the DEI sheet, section 15, in both directions.</summary>
public sealed class VectorTests
{
    public static TheoryData<string, byte[], byte[]> Encoded => new()
    {
        { "association request, LAN", Vectors.AssociationRequestLan, Requests.Associate(Requests.MtuLan) },
        { "association request, RS-232", Vectors.AssociationRequestFrame, Frame.Encode(Requests.Associate(Requests.MtuSerial)) },
        { "release", Vectors.Release, Requests.Release },
        { "release response", Vectors.ReleaseResponse, Requests.ReleaseResponse },
        { "abort", Vectors.Abort, Requests.Abort },
        { "confirmation", Vectors.MdsCreateResult, Requests.MdsCreateResult(1) },
        { "single poll", Vectors.SinglePoll, Requests.SinglePoll(2, 1, 6, 0x0803) },
        { "single poll, RS-232", Vectors.SinglePollFrame, Frame.Encode(Requests.SinglePoll(2, 1, 6, 0x0803)) },
        { "extended poll", Vectors.ExtendedPoll, Requests.ExtendedPoll(3, 2, 6, 0, 480_000) },
        { "wave list", Vectors.GetWaveList, Requests.GetWaveList(4) },
        { "set wave list", Vectors.SetWaveList, Requests.SetWaveList(5, [0x20102, 0x24A14, 0x24BB4]) },
        { "wave poll", Vectors.WavePoll, Requests.ExtendedPoll(6, 3, 9, 0, 480_000) },
        { "alarm poll", Vectors.AlarmPoll, Requests.ExtendedPoll(7, 4, 0x36, 0x0801, 480_000) },
        { "patient poll", Vectors.PatientPoll, Requests.SinglePoll(8, 5, 0x2A, 0x0807) },
    };

    [Theory]
    [MemberData(nameof(Encoded))]
    public void A_request_is_the_sheets_byte_for_byte(string name, byte[] sheet, byte[] ours) =>
        Assert.Equal((name, Convert.ToHexString(sheet)), (name, Convert.ToHexString(ours)));

    [Fact]
    public void A_single_poll_gives_its_values() =>
        Assert.Equal(
            [
                "link receiving: data arrive",
                "descriptor hr /min kind=Numeric code=147842 name=MDC_ECG_HEART_RATE label=\"\" device=philips:0x4182 every=1024 period= scale=none axis=..",
                "numeric hr /min = 72 at=224008192 validity=valid",
                "descriptor spo2 % kind=Numeric code=150456 name=MDC_PULS_OXIM_SAT_O2 label=\"\" device=philips:0x4BB8 every=1024 period= scale=none axis=..",
                "numeric spo2 % = 97.0 at=224008192 validity=valid",
            ],
            Heard(Vectors.SinglePollResult));

    [Fact]
    public void An_extended_poll_gives_compounds_and_singles_of_all_contexts()
    {
        string[] lines = [.. Heard(Vectors.ExtendedPollResult)];

        Assert.Equal(
            [
                "numeric abp-sys mm[Hg] = 120 at=224016384 validity=valid",
                "numeric abp-dia mm[Hg] = 70 at=224016384 validity=valid",
                "numeric abp-mean mm[Hg] = 87 at=224016384 validity=valid",
                "numeric hr /min = 72 at=224016384 validity=valid",
            ],
            lines.Where(line => line.StartsWith("numeric", StringComparison.Ordinal)));
        Assert.Contains(lines, line => line.StartsWith("descriptor abp-sys mm[Hg] kind=Numeric code=150037 name=MDC_PRESS_BLD_ART_ABP_SYS label=\"ABP\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_wave_waits_for_nothing_once_its_context_is_there()
    {
        var listener = new Listener(listenOnly: true);
        listener.Hear(Vectors.WaveContextResult);
        listener.Hear(Vectors.WaveSamplesResult);

        DeviceEvent.Samples samples = Assert.Single(listener.Of<DeviceEvent.Samples>());
        Assert.Equal(("abp", "mm[Hg]", 150036u), (samples.Metric.SignalId, samples.Metric.Unit, samples.Metric.Code));
        Assert.Equal(new Scale(0.0625, -50), samples.Scale);
        Assert.Equal(new SamplePeriod(1, 125), samples.Period);
        Assert.Equal(new DeviceTicks(0x0D5A8D00), samples.At);
        Assert.Equal((-15.0, 185.0), (samples.Metric.DisplayMin, samples.Metric.DisplayMax));
        double[] expected =
        [
            70, 81.125, 91.6875, 101.188, 109.062, 115.062, 118.75, 120, 118.75, 115.062, 109.062, 101.188, 91.6875, 81.125, 70, 70,
            74, 76.9375, 78, 76.9375, 74, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70,
        ];
        Assert.Equal(expected.Length, samples.Raw.Length);
        Assert.All(expected.Zip(samples.Raw.ToArray()), pair => Assert.Equal(pair.First, samples.Scale!.Value.Physical(pair.Second), 0.001));
    }

    [Fact]
    public void An_alarm_is_said_in_the_monitors_words() =>
        Assert.Contains(
            "alert Start Medium technical=False \"** HR 135>120\" code=196648 name=NOM_EVT_HI source=hr silenced=False latched=False inhibited=False "
            + "key=P/4182/0028/0006.0001.82B3/17 at=224024576",
            Heard(Vectors.AlarmResult));

    [Fact]
    public void Demographics_are_said_in_plain_words() =>
        Assert.Contains(
            "patient age=\"63 a\" birth-date=\"1960-07-04\" family-name=\"Doe\" given-name=\"Jane\" height=\"168.0 cm\" id=\"12345\" "
            + "paced=\"no\" sex=\"female\" state=\"admitted\" type=\"adult\" weight=\"70.0 kg\"",
            Heard(Vectors.PatientResult));

    [Fact]
    public void An_introduction_gives_identity_and_clock() =>
        Assert.Equal(
            [
                "identity Philips|M8000|||IntelliVue Data Export|demo=False area=\"operating-room\" bed-label=\"BED-01\" language=\"en\" line-frequency=\"50 Hz\" "
                + "operating-mode=\"monitoring\" system-id=\"020000000001\"",
                "wall-clock 2024-03-15T10:30:00 at=224000000",
            ],
            Heard(Vectors.MdsCreate));

    [Fact]
    public void A_connect_indication_gives_identity_bed_and_port() =>
        Assert.Equal(
            ["identity Philips|M8000|||IntelliVue Data Export|demo=False bed-label=\"BED-01\" data-port=\"24105\" ip=\"192.0.2.10\" mac=\"020000000001\" system-id=\"020000000001\""],
            Heard(Vectors.ConnectIndication));

    [Fact]
    public void An_accept_says_what_was_granted()
    {
        var association = Association.Parse(Vectors.AssociationAccept);

        Assert.NotNull(association);
        Assert.Equal(PollOptions.NumericsEverySecond | PollOptions.Waves | PollOptions.Enumerations, association.Options);
        Assert.Equal((1364u, 8000u), (association.MaxReceive, association.MinPollPeriod));
    }

    [Fact]
    public void An_accept_without_the_extension_grants_nothing_periodic()
    {
        byte[] accept = Vectors.AssociationAccept;
        accept[180] = 0x01;

        Assert.Equal(PollOptions.None, Association.Parse(accept)?.Options);
    }

    [Fact]
    public void Errors_are_said()
    {
        Assert.Equal(["fault @0: the monitor refused request 9: no such action"], Heard(Vectors.NoSuchAction));
        Assert.Equal(["fault @0: the monitor refused request 10: get list error"], Heard(Vectors.GetListError));
    }

    [Fact]
    public void The_frame_vectors_of_the_guide_hold()
    {
        Assert.Equal("C03A719B26C1", Convert.ToHexString(Frame.EncodeWithHeader([], [0x3A, 0x71])));
        Assert.Equal("C03A91957DE1C1", Convert.ToHexString(Frame.EncodeWithHeader([], [0x3A, 0x91])));
    }

    [Fact]
    public void The_example_of_the_float_type_are_read_exactly()
    {
        (uint Wire, string Number)[] examples =
        [
            (0x0000003C, "60"), (0xFF0003B6, "95.0"), (0xFF000064, "10.0"), (0xFD007D00, "32.000"), (0xFF000140, "32.0"), (0x01000140, "3200"),
            (0x02000020, "3200"), (0xFEFFF000, "-40.96"), (0xFD009FFB, "40.955"), (0x00FFFFD8, "-40"),
        ];
        Assert.All(examples, example => Assert.Equal(example.Number, WireFloat.Of(example.Wire).Number.ToString()));
        Assert.All([0x007FFFFFu, 0x00800000u, 0x007FFFFEu, 0x00800002u, 0xFD7FFFFFu], special => Assert.Null(WireFloat.Of(special).Number));
    }

    [Fact]
    public void Wire_of_these_tests_agrees_with_the_sheet()
    {
        Assert.Equal(Vectors.AssociationRequestFrame, Wire.Framed(Requests.Associate(1000)));
        Assert.Equal(Vectors.LinkedEnd, Wire.Reply(3, 1, 0x0D5A5800, Wire.Numeric, []).Select((value, at) => at == 25 ? (byte)2 : value));
    }

    [Fact]
    public void Each_framed_example_gives_what_the_plain_one_gives() =>
        Assert.All(
            Vectors.FromMonitor.Where(vector => vector[0] != 0x00),
            vector =>
            {
                var plain = new Listener(Transport.Udp, listenOnly: true);
                plain.Hear(vector);
                var framed = new Listener(Transport.Serial, listenOnly: true);
                framed.Hear(Wire.Framed(vector));
                Assert.Equal(plain.Lines, framed.Lines);
            });

    private static List<string> Heard(byte[] message)
    {
        var listener = new Listener(listenOnly: true);
        listener.Hear(message, ChunkDirection.FromDevice);
        Assert.Empty(listener.Sent);
        return listener.Lines;
    }
}
