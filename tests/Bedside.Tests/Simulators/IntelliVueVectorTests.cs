using System.Globalization;
using System.Net;
using Bedside.Simulators.Philips;
using Bedside.Simulators.Physiology;
using static Bedside.Tests.Simulators.IntelliVueVectors;

namespace Bedside.Tests.Simulators;

/// <summary>The simulator's encoders give the protocol sheet's worked examples, byte for byte.</summary>
public sealed class IntelliVueVectorTests
{
    private static readonly DateTimeOffset Wall = new(2024, 3, 15, 10, 30, 0, TimeSpan.Zero);

    private static readonly MonitorIdentity Identity = new() { OperatingMode = 0x4000, Area = 1 };

    private static readonly ObjectEncoder Encoder = new(Language.English);

    private static readonly NumericObject Saturation = BedsideObjects.OxygenSaturation;

    private static readonly WaveObject ArterialWave = BedsideObjects.Waves.Single(w => w.Label == 0x00024A14);

    [Fact]
    public void The_association_request_is_read()
    {
        AssociationRequest? request = Association.Read(Convert.FromHexString(AssociationAsked));
        Assert.Equal(new AssociationRequest(0x80000000, 0x40000000, 0x80000000, Profile), request);
    }

    [Fact]
    public void The_association_accept_is_encoded() => Same(AssociationAccept, Association.Accept(Profile));

    [Fact]
    public void The_connect_indication_is_encoded() =>
        Same(ConnectIndication, new SystemObject(Identity).ConnectIndication(IPAddress.Parse("192.0.2.10"), 24_105));

    [Fact]
    public void The_event_that_announces_the_monitor_is_encoded() =>
        Same(SystemCreated, new SystemObject(Identity).Created(1, 185, 224_000_000, Wall));

    [Fact]
    public void Its_confirmation_is_read() =>
        Assert.Equal(new ClientMessage.Confirmation(1, 0x0D06), ClientMessage.Read(Convert.FromHexString(SystemCreatedResult)));

    [Fact]
    public void The_single_poll_is_read() =>
        Assert.Equal(new ClientMessage.Poll(2, 1, ObjectClass.Numeric, AttributeGroup.Values, null), ClientMessage.Read(Convert.FromHexString(SinglePoll)));

    [Fact]
    public void Its_result_is_encoded()
    {
        var header = new PollHeader(2, 1, null, 0x0D5A1800, ObjectClass.Numeric, AttributeGroup.Values);
        Observation[] observations = [Numeric(BedsideObjects.HeartRate with { Context = 0 }, AttributeGroup.Values, 72), Numeric(Saturation with { Context = 0 }, AttributeGroup.Values, 97)];
        Same(SinglePollResult, Assert.Single(PollReply.Encode(header, observations, [], 1364, closeEmpty: true)).Bytes);
    }

    [Fact]
    public void The_extended_poll_is_read() =>
        Assert.Equal(new ClientMessage.Poll(3, 2, ObjectClass.Numeric, AttributeGroup.All, 480_000) { Extended = true }, ClientMessage.Read(Convert.FromHexString(ExtendedPoll)));

    [Fact]
    public void Its_first_result_is_encoded()
    {
        var header = new PollHeader(3, 2, 0, 0x0D5A3800, ObjectClass.Numeric, AttributeGroup.All);
        Observation[] observations = [Numeric(BedsideObjects.ArterialPressure, AttributeGroup.All, 120, 70, 87), Numeric(BedsideObjects.HeartRate, AttributeGroup.All, 72)];
        Same(ExtendedPollResult, Assert.Single(PollReply.Encode(header, observations, [0, 1], 1364, closeEmpty: true)).Bytes);
    }

    [Fact]
    public void The_linked_result_is_cut_at_objects_and_ended_by_an_empty_one()
    {
        var header = new PollHeader(3, 2, 1, 0x0D5A5800, ObjectClass.Numeric, AttributeGroup.All);
        Observation[] observations = [Numeric(BedsideObjects.ArterialPressure, AttributeGroup.Values, 120, 70, 87), Numeric(BedsideObjects.HeartRate, AttributeGroup.Values, 72)];
        IReadOnlyList<ReplyPart> parts = PollReply.Encode(header, observations, [0, 1], 110, closeEmpty: true);
        Assert.Equal([LinkedFirst, LinkedLast, LinkedEnd], parts.Select(p => Convert.ToHexString(p.Bytes)));
        Assert.All(parts, p => Assert.True(p.Linked));
    }

    [Fact]
    public void Priority_lists_are_read_and_answered()
    {
        var get = Assert.IsType<ClientMessage.Get>(ClientMessage.Read(Convert.FromHexString(GetWaveList)));
        Assert.Equal(4, get.InvokeId);
        Assert.Equal([AttributeId.WaveList], get.Attributes);
        Same(GetWaveListResult, ListReply.Encode(4, Command.Get, Labels(0x00020102, 0x00024BB4, 0x00024A14, 0x00025000)));

        var set = Assert.IsType<ClientMessage.Set>(ClientMessage.Read(Convert.FromHexString(SetWaveList)));
        Assert.True(set.Confirmed);
        ClientMessage.Modification modification = Assert.Single(set.Modifications);
        Assert.Equal((0, AttributeId.WaveList), (modification.Operator, modification.Attribute));
        Assert.Equal([0x00020102u, 0x00024A14u, 0x00024BB4u], modification.Labels);
        Same(SetWaveListResult, ListReply.Encode(5, Command.ConfirmedSet, Labels(0x00020102, 0x00024A14, 0x00024BB4)));
    }

    [Fact]
    public void The_wave_poll_and_its_context_are_the_sheets()
    {
        Assert.Equal(new ClientMessage.Poll(6, 3, ObjectClass.Wave, AttributeGroup.All, 480_000) { Extended = true }, ClientMessage.Read(Convert.FromHexString(WavePoll)));
        var header = new PollHeader(6, 3, 0, 0x0D5A9800, ObjectClass.Wave, AttributeGroup.All);
        var context = new Observation(0, ArterialWave.Handle, Encoder.WaveContext(ArterialWave, AttributeGroup.All));
        Same(WaveContext, Assert.Single(PollReply.Encode(header, [context], [0, 1], 1364, closeEmpty: true)).Bytes);
    }

    [Fact]
    public void Wave_samples_are_encoded_from_millimetres_of_mercury()
    {
        double[] pressures =
        [
            70, 81.125, 91.6875, 101.188, 109.062, 115.062, 118.75, 120, 118.75, 115.062, 109.062, 101.188, 91.6875, 81.125, 70, 70,
            74, 76.9375, 78, 76.9375, 74, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70,
        ];
        ushort[] samples = [.. pressures.Select(p => (ushort)Math.Round(ArterialWave.Scale.ToScaled(p)))];
        var attributes = new AttributeList();
        ObjectEncoder.AddSamples(attributes, ArterialWave, [samples], MeasurementState.Valid);
        var header = new PollHeader(6, 3, 1, 0x0D5A8D00, ObjectClass.Wave, AttributeGroup.All);
        Same(WaveSamples, Assert.Single(PollReply.Encode(header, [new Observation(0, ArterialWave.Handle, attributes)], [0, 1], 1364, closeEmpty: true)).Bytes);
    }

    [Fact]
    public void An_alarm_is_encoded()
    {
        Assert.Equal(new ClientMessage.Poll(7, 4, ObjectClass.Alarm, AttributeGroup.Alarms, 480_000) { Extended = true }, ClientMessage.Read(Convert.FromHexString(AlarmPoll)));
        var board = new AlarmBoard(new FastHeart(), Language.English, demo: false, AlarmScenario.Usual);
        board.Update(0, []);
        var header = new PollHeader(7, 4, 0, 0x0D5A5800, ObjectClass.Alarm, AttributeGroup.Alarms);
        Same(AlarmResult, Assert.Single(PollReply.Encode(header, board.Observe(1364), [0], 1364, closeEmpty: true)).Bytes);
    }

    [Fact]
    public void Demographics_are_encoded()
    {
        Assert.Equal(new ClientMessage.Poll(8, 5, ObjectClass.Patient, AttributeGroup.Demographics, null), ClientMessage.Read(Convert.FromHexString(DemographicsPoll)));
        var patient = new Demographics { Status = 2, GivenName = "Jane", FamilyName = "Doe", PatientId = "12345", Sex = 2, BirthDate = new DateOnly(1960, 7, 4), Age = 63, Height = 168, Weight = 70 };
        var header = new PollHeader(8, 5, null, 0x0D5A3800, ObjectClass.Patient, AttributeGroup.Demographics);
        Same(DemographicsResult, Assert.Single(PollReply.Encode(header, [patient.Observe()], [0], 1364, closeEmpty: true)).Bytes);
    }

    [Fact]
    public void Errors_are_encoded() =>
        Same(NoSuchAction, PollEngine.Error(9, ErrorCode.NoSuchAction, w => w.U16(0x21).U16(0x0C17)));

    [Fact]
    public void Frames_are_encoded_and_read()
    {
        Same("C03A719B26C1", SerialFrame.Encode([0x3A, 0x71], (ushort)~SerialFrame.Checksum([0x3A, 0x71])));
        Same("C03A91957DE1C1", SerialFrame.Encode([0x3A, 0x91], (ushort)~SerialFrame.Checksum([0x3A, 0x91])));
        Same(FramedSinglePoll, SerialFrame.Encode(Convert.FromHexString(SinglePoll)));

        byte[] request = Read(FramedAssociationRequest);
        Same(FramedAssociationRequest, SerialFrame.Encode(request));
        Assert.Equal(1000u, Association.Read(request)?.Profile?.ReceiveMtu);
    }

    [Theory]
    [InlineData(60, 0, "0000003C")]
    [InlineData(95.0, 1, "FF0003B6")]
    [InlineData(32.0, 3, "FD007D00")]
    [InlineData(-40.96, 2, "FEFFF000")]
    [InlineData(40.955, 3, "FD009FFB")]
    [InlineData(-40, 0, "00FFFFD8")]
    [InlineData(double.NaN, 1, "007FFFFF")]
    public void Floats_are_encoded(double value, int decimals, string expected) =>
        Assert.Equal(expected, FloatValue.Of(value, decimals).Bits.ToString("X8", CultureInfo.InvariantCulture));

    private static PollProfile Profile => new(8000, 1364, 1364, 0xFFFFFFFF, 0x60000000) { Extended = 0x8C000000 };

    private static Observation Numeric(NumericObject numeric, AttributeGroup group, params double[] values) =>
        Encoder.Numeric(numeric, group, values, MeasurementState.Valid, Wall);

    private static AttributeList Labels(params uint[] labels) => new AttributeList().Add(AttributeId.WaveList, w =>
    {
        int opened = w.U16(labels.Length).Open();
        foreach (uint label in labels)
        {
            _ = w.U32(label);
        }

        w.Close(opened);
    });

    private static byte[] Read(string frame)
    {
        var reader = new FrameReader();
        byte[]? message = null;
        foreach (byte value in Convert.FromHexString(frame))
        {
            message = reader.Push(value) ?? message;
        }

        return Assert.IsType<byte[]>(message);
    }

    private static void Same(string expected, byte[] actual) => Assert.Equal(expected, Convert.ToHexString(actual));

    /// <summary>A heart at 135 and everything else in order.</summary>
    private sealed class FastHeart : ISignalSource
    {
        public IReadOnlyList<WaveObject> Waves => [];

        public IReadOnlyList<NumericObject> Numerics => [];

        public bool Fill(WaveObject wave, int part, long firstTick, Span<ushort> samples) => true;

        public double Read(PatientValue value, long tick) => value is PatientValue.HeartRate ? 135 : double.NaN;

        public bool IsOver(long tick) => false;
    }
}
