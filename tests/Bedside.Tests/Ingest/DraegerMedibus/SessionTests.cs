using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>The conversation: who says what when.</summary>
public class SessionTests
{
    private static readonly byte[] Noise = "x"u8.ToArray();
    private static readonly byte[] Icc = Wire.Command(0x51);

    private static readonly string Offers =
        ScriptedDevice.Offer("00", 16_000, "-  10", "100", "370") + ScriptedDevice.Offer("06", 16_000, "-  20", "100", "460");

    [Fact]
    public void NoiseWithoutAnAnswerMakesItWaitTenSeconds()
    {
        var device = new ScriptedDevice();
        device.Deaf.Add(0x51);
        for (int at = 500; at < 25_000; at += 500)
        {
            device.Say(at * Wire.Millisecond, Noise);
        }

        new Talk(device).Run(25_000);
        Assert.Equal([0L, 10_000, 20_000], device.Received.Select(item => item.At / Wire.Millisecond));
    }

    [Fact]
    public void TheQuestionInsideTheAnswerToIccIsAnsweredAndTheDeviceGetsTwoHundredMilliseconds()
    {
        var device = new ScriptedDevice();
        Ear ear = new Talk(device).Run(2000).Ear;
        Assert.Equal("Evita 4", Assert.Single(ear.Of<DeviceEvent.Identity>()).Device.Model);
        long saidWho = device.Received.First(item => item.Bytes[0] == 0x01 && item.Bytes[1] == 0x52).At;
        long firstPoll = device.Received.First(item => item.Bytes[0] == 0x1B && item.Bytes[1] is not (0x51 or 0x52)).At;
        Assert.InRange(firstPoll - saidWho, 200 * Wire.Millisecond, 400 * Wire.Millisecond);
    }

    [Fact]
    public void ADeviceThatNeverAsksWhoWeAreIsPolledAllTheSame()
    {
        var device = new ScriptedDevice { AsksWhoInside = false };
        Ear ear = new Talk(device).Run(5000).Ear;
        Assert.NotEmpty(ear.Of<DeviceEvent.Numeric>());
    }

    [Fact]
    public void TheDevicesOwnIccIsAnsweredAndBeginsTheConversation()
    {
        var device = new ScriptedDevice();
        device.Deaf.Add(0x51);
        device.Say(1000 * Wire.Millisecond, Icc);
        device.Say(1100 * Wire.Millisecond, Wire.Command(0x52));
        Ear ear = new Talk(device).Run(3000).Ear;
        Assert.Contains(Wire.Response(0x51), ear.Sent);
        Assert.NotEmpty(ear.Of<DeviceEvent.Numeric>());
    }

    [Fact]
    public void EveryListIsAskedForInTurnAndOneQuestionIsOpenAtATime()
    {
        var device = new ScriptedDevice();
        device.Answers[0x52] = "5000'V500'02.50:06.00";
        new Talk(device).Run(20_000);
        foreach (string code in new[] { "23", "24", "25", "26", "27", "28", "29", "2A", "2B", "2C", "2D", "2E", "53" })
        {
            Assert.Contains(code, device.Commands);
        }

        int asked = device.Commands.Count(code => code == "24");
        Assert.InRange(asked, 15, 21);
        long[] times = [.. device.Received.Where(item => item.Bytes[0] == 0x1B).Select(item => item.At)];
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 20 * Wire.Millisecond));
    }

    [Fact]
    public void EveryCommandOfTheDeviceIsAnswered()
    {
        var device = new ScriptedDevice();
        var talk = new Talk(device);
        talk.Run(2000);
        foreach (int code in new[] { 0x28, 0x29, 0x2A, 0x4A, 0x30, 0x56, 0x49, 0x59, 0x24 })
        {
            device.Say(talk.Now, Wire.Command(code));
            talk.Run(200);
            Assert.Contains(device.Received, item => item.Bytes.SequenceEqual(Wire.Response(code)));
        }

        device.Say(talk.Now, Wire.Hex("1B 30 34 43 0D"));
        talk.Run(200);
        Assert.Contains(device.Received, item => item.Bytes.SequenceEqual(Wire.Hex("01 15 31 36 0D")));
    }

    [Fact]
    public void AChangeOfTheDevicesClockIsReadAtOnce()
    {
        var device = new ScriptedDevice();
        device.Answers[0x28] = "14:30:0515-MAI-26";
        var talk = new Talk(device);
        talk.Run(5000);
        int before = talk.Ear.Of<DeviceEvent.WallClock>().Count();
        device.Answers[0x28] = "15:30:0515-MAI-26";
        device.Say(talk.Now, Wire.Command(0x49));
        talk.Run(500);
        Assert.Equal(1, before);
        Assert.Equal(15, talk.Ear.Of<DeviceEvent.WallClock>().Last().Wall.Hour);
    }

    [Fact]
    public void TracesAreChosenEnabledAndKeptAlive()
    {
        var device = new ScriptedDevice { Record = number => ScriptedDevice.RecordOf(number & 0xFF, 100) };
        device.Answers[0x53] = Offers;
        Ear ear = new Talk(device, new LineSettings(19200)).Run(10_000).Ear;
        Assert.Contains(ear.Sent, sent => sent.SequenceEqual(Wire.Command(0x54, "00010601")));
        Assert.InRange(ear.Sent.Count(sent => sent.SequenceEqual(Wire.Hex("D0 C1 C3 C0 C0"))), 3, 4);
        int[] paw = RealtimeTests.SamplesOf(ear, "paw");
        Assert.InRange(paw.Length, 500, 620);
        Assert.Equal(Enumerable.Range(0, paw.Length).Select(i => i & 0xFF), paw);
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.NotEmpty(ear.Of<DeviceEvent.Numeric>());
    }

    [Fact]
    public void AChangedRealtimeConfigurationIsReadAgainBeforeAnySampleIsTold()
    {
        var device = new ScriptedDevice { Record = _ => ScriptedDevice.RecordOf(100, 100) };
        device.Answers[0x53] = Offers;
        var talk = new Talk(device, new LineSettings(19200));
        talk.Run(3000);
        device.Answers[0x53] = ScriptedDevice.Offer("00", 16_000, "0", "50", "100") + ScriptedDevice.Offer("06", 16_000, "0", "50", "100");
        device.Say(talk.Now, Wire.Command(0x56));
        int before = talk.Ear.Said.Count;
        talk.Run(3000);
        DeviceEvent.Samples[] after = [.. talk.Ear.Said.Skip(before).OfType<DeviceEvent.Samples>()];
        Assert.NotEmpty(after);
        int restarted = talk.Ear.Said.FindIndex(said => said is DeviceEvent.ClockRestarted);
        Assert.All(talk.Ear.Said.Skip(restarted).OfType<DeviceEvent.Samples>(), samples => Assert.Equal(0.1953125, samples.Scale?.Gain));
        Assert.Contains(Wire.Response(0x56), talk.Ear.Sent);
    }

    [Fact]
    public void NoTraceIsAskedOfADeviceTooOldForArguments()
    {
        var device = new ScriptedDevice();
        device.Answers[0x52] = "8210'Evita'02.00:02.01";
        new Talk(device).Run(10_000);
        Assert.DoesNotContain("54", device.Commands);
        Assert.DoesNotContain("53", device.Commands);
        Assert.DoesNotContain("6A", device.Commands);
    }

    [Fact]
    public void StandbyIsAStateAndItsMissingValuesAreNotAvailable()
    {
        var device = new ScriptedDevice();
        var talk = new Talk(device);
        talk.Run(8000);
        device.Answers[0x24] = "";
        device.Answers[0x2A] = "1E7Standby\u0003";
        int before = talk.Ear.Said.Count;
        talk.Run(8000);
        DeviceEvent[] after = [.. talk.Ear.Said.Skip(before)];
        Assert.Contains(after.OfType<DeviceEvent.Text>(), text => text.Code == 0x1E && text.Value == "Standby");
        Assert.Contains(after.OfType<DeviceEvent.Text>(), text => text.Metric.SignalId == "set-vent-mode" && text.Validity == Validity.NotAvailable);
        Assert.Equal(["pip", "mv"], after.OfType<DeviceEvent.Numeric>().Where(numeric => numeric.Value is null).Select(numeric => numeric.Metric.SignalId));
        Assert.True(talk.Ear.Of<DeviceEvent.Link>().Last().Receiving);
    }

    [Fact]
    public void AlarmsBeginChangeAndEndByWhatTheListsSay()
    {
        var device = new ScriptedDevice();
        device.Answers[0x27] = "N10PAW HIGH    ";
        var talk = new Talk(device);
        talk.Run(4000);
        device.Answers[0x27] = "O10PAW HIGH    910CHECK       ";
        talk.Run(2000);
        device.Answers[0x27] = "O10PAW HIGH    919MIN VOL LOW ";
        talk.Run(2000);
        device.Answers[0x27] = "";
        talk.Run(2000);
        Assert.Equal(
            ["Start CP1:0x10 30", "Update CP1:0x10 31", "Start CP1:0x19 9", "End CP1:0x10 31", "End CP1:0x19 9"],
            talk.Ear.Of<DeviceEvent.AlertSaid>().Select(said => $"{said.Alert.Phase} {said.Alert.Key[8..]} {said.Alert.CodeName.Split('-')[^1]}"));
    }

    [Fact]
    public void AnAlarmThatEndedWhileTheLineWasDeadEndsWhenItIsBack()
    {
        var device = new ScriptedDevice();
        device.Answers[0x27] = "N10PAW HIGH    ";
        var talk = new Talk(device);
        talk.Run(4000);
        device.IsOff = true;
        talk.Run(8000);
        Assert.Single(talk.Ear.Of<DeviceEvent.AlertSaid>());
        device.IsOff = false;
        device.Answers[0x27] = "";
        talk.Run(8000);
        Assert.Equal(AlertPhase.End, talk.Ear.Of<DeviceEvent.AlertSaid>().Last().Alert.Phase);
    }

    [Fact]
    public void ListeningOnlySendsNothingEver()
    {
        var device = new ScriptedDevice { Record = _ => ScriptedDevice.RecordOf(1, 2) };
        device.Answers[0x53] = Offers;
        var talk = new Talk(device, new LineSettings(19200));
        talk.Run(10_000);
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session(listenOnly: true);
        foreach (Bedside.Ingest.Links.Chunk chunk in talk.Line)
        {
            session.OnChunk(chunk, ear);
        }

        session.Stop(ear);
        Assert.Empty(ear.Sent);
        Assert.Equal(RealtimeTests.SamplesOf(talk.Ear, "paw")[..400], RealtimeTests.SamplesOf(ear, "paw")[..400]);
        Assert.Equal(
            talk.Ear.Of<DeviceEvent.Numeric>().Select(numeric => (numeric.Metric.SignalId, numeric.Value)),
            ear.Of<DeviceEvent.Numeric>().Select(numeric => (numeric.Metric.SignalId, numeric.Value)));
        Assert.Equal(talk.Ear.Of<DeviceEvent.Identity>().Single().Device.Model, ear.Of<DeviceEvent.Identity>().Single().Device.Model);
    }

    [Fact]
    public void TakingLeaveStopsTheStreamsAndSaysSo()
    {
        var device = new ScriptedDevice { Record = _ => ScriptedDevice.RecordOf(1, 2) };
        device.Answers[0x53] = Offers;
        var talk = new Talk(device, new LineSettings(19200));
        talk.Run(3000);
        talk.Stop();
        Assert.Equal([Wire.Hex("D0 C1 C0 C2 C0 C3 C0 C0 C0"), Wire.Command(0x55)], device.Received.TakeLast(2).Select(item => item.Bytes));
        int before = device.Received.Count;
        talk.Run(5000);
        Assert.Equal(before, device.Received.Count);
    }

    [Fact]
    public void TheSameStreamCutIntoSingleBytesSaysAndSendsTheSame()
    {
        var device = new ScriptedDevice { Record = number => ScriptedDevice.RecordOf(number & 0xFFF, 100) };
        device.Answers[0x53] = Offers;
        var talk = new Talk(device, new LineSettings(19200));
        talk.Run(6000);
        device.Say(talk.Now, Wire.Command(0x56));
        device.Say(talk.Now + (1000 * Wire.Millisecond), Icc);
        talk.Run(4000);
        Assert.Equal(Replayed(whole: true), Replayed(whole: false));

        List<string> Replayed(bool whole)
        {
            var ear = new Ear(Wire.Driver);
            IDriverSession session = Wire.Session(line: new LineSettings(19200));
            foreach (Bedside.Ingest.Links.Chunk chunk in talk.Line.Where(chunk => chunk.Direction == Bedside.Ingest.Links.ChunkDirection.FromDevice))
            {
                ear.Hear(session, chunk, whole ? int.MaxValue : 1);
            }

            return ear.Lines;
        }
    }
}
