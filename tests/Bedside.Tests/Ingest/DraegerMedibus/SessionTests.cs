using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>The conversation: who says what when, and what happens when one falls silent.</summary>
public class SessionTests
{
    private static readonly byte[] Noise = "x"u8.ToArray();
    private static readonly byte[] Icc = Wire.Command(0x51);

    private static readonly string Offers =
        ScriptedDevice.Offer("00", 16_000, "-  10", "100", "370") + ScriptedDevice.Offer("06", 16_000, "-  20", "100", "460");

    [Fact]
    public void TheFirstWordIsIccAndItIsRepeatedEveryThreeSecondsOfSilence()
    {
        var device = new ScriptedDevice { IsOff = true };
        new Talk(device).Run(9500);
        Assert.Equal([0L, 3000, 6000, 9000], device.Received.Select(item => item.At / Wire.Millisecond));
        Assert.All(device.Received, item => Assert.Equal(Icc, item.Bytes));
    }

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
        int restarted = talk.Ear.Lines.FindIndex(line => line.StartsWith("clock restarted", StringComparison.Ordinal));
        Assert.All(talk.Ear.Lines.Skip(restarted).Where(line => line.StartsWith("samples", StringComparison.Ordinal)), line => Assert.Contains("Gain = 0.1953125", line, StringComparison.Ordinal));
        Assert.Contains(Wire.Response(0x56), talk.Ear.Sent);
    }

    [Fact]
    public void ADeviceThatRefusesTheTracesIsAskedForFewer()
    {
        var device = new ScriptedDevice();
        device.Answers[0x53] = string.Concat(Enumerable.Range(0, 8).Select(i => ScriptedDevice.Offer($"0{i}", 32_000, "0", "100", "100")));
        device.Deaf.Add(0x54);
        SayNothingForever(device, 90_000);
        new Talk(device, new LineSettings(38400)).Run(90_000);
        int[] sizes = [.. device.Received.Where(item => item.Bytes[1] == 0x54).Select(item => (item.Bytes.Length - 5) / 4)];
        Assert.Equal([8, 8, 4, 4, 2, 2, 1], sizes[..7]);
    }

    /// <summary>The unknown question must not cost the whole conversation again and again.</summary>
    [Fact]
    public void ADeviceThatFallsSilentOverAQuestionIsNotAskedItAgainSoon()
    {
        var device = new ScriptedDevice();
        device.Deaf.Add(0x29);
        device.Deaf.Add(0x53);
        Ear ear = new Talk(device).Run(60_000).Ear;
        Assert.InRange(device.Commands.Count(code => code == "29"), 1, 2);
        Assert.InRange(device.Commands.Count(code => code == "53"), 1, 2);
        Assert.True(ear.Of<DeviceEvent.Numeric>().Skip(60).Any());
    }

    [Fact]
    public void AQuestionTheDeviceKnowsIsAskedAgainAfterTheLineWasCut()
    {
        var device = new ScriptedDevice();
        device.Answers[0x53] = Offers;
        var talk = new Talk(device);
        talk.Run(10_000);
        device.IsOff = true;
        talk.Run(10_000);
        device.IsOff = false;
        int before = device.Received.Count;
        talk.Run(15_000);
        foreach (int code in new[] { 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2E, 0x53 })
        {
            Assert.Contains(device.Received.Skip(before), item => item.Bytes.SequenceEqual(Wire.Command(code)));
        }
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
    public void ThreeSecondsOfSilenceBeginAnewAndRealtimeBytesDoNotCountAsLife()
    {
        var device = new ScriptedDevice { Record = _ => ScriptedDevice.RecordOf(1, 2) };
        device.Answers[0x53] = Offers;
        var talk = new Talk(device, new LineSettings(19200));
        talk.Run(3000);
        foreach (int code in Enumerable.Range(0, 256))
        {
            device.Deaf.Add(code);
        }

        int before = device.Received.Count;
        talk.Run(3500);
        Assert.Contains(device.Received.Skip(before), item => item.Bytes.SequenceEqual(Icc));
        Assert.False(talk.Ear.Of<DeviceEvent.Link>().Last().Receiving);
    }

    [Fact]
    public void ADeviceThatWasSwitchedOffIsFoundAgainWithItsTraces()
    {
        var device = new ScriptedDevice { Record = _ => ScriptedDevice.RecordOf(1, 2) };
        device.Answers[0x53] = Offers;
        var talk = new Talk(device, new LineSettings(19200));
        talk.Run(3000);
        device.IsOff = true;
        talk.Run(20_000);
        device.IsOff = false;
        device.Say(talk.Now, Icc);
        int before = talk.Ear.Said.Count;
        talk.Run(5000);
        Assert.Equal([true, false, true], talk.Ear.Of<DeviceEvent.Link>().Select(link => link.Receiving));
        Assert.NotEmpty(talk.Ear.Said.Skip(before).OfType<DeviceEvent.Samples>());
        Assert.NotEmpty(talk.Ear.Of<DeviceEvent.ClockRestarted>());
    }

    [Fact]
    public void ADamagedAnswerIsAskedForAgainAtOnceAndAfterFourTriesTheConversationBeginsAnew()
    {
        var device = new ScriptedDevice();
        var talk = new Talk(device);
        talk.Run(3000);
        device.Deaf.Add(0x24);
        int before = device.Received.Count;
        for (int i = 0; i < 200 && !device.Received.Skip(before).Any(item => item.Bytes.SequenceEqual(Icc)); i++)
        {
            int asked = device.Received.Count;
            talk.Run(10);
            foreach ((_, byte[] bytes) in device.Received.Skip(asked).ToArray())
            {
                if (bytes[0] == 0x1B && bytes[1] == 0x24)
                {
                    device.Say(talk.Now, Wire.Hex("01 24 30 30 0D"));
                }
            }
        }

        byte[] question = Wire.Command(0x24);
        Assert.Equal(4, device.Received.Skip(before).Count(item => item.Bytes.SequenceEqual(question)));
        Assert.Contains(device.Received.Skip(before), item => item.Bytes.SequenceEqual(Icc));
        Assert.Contains(talk.Ear.Of<DeviceEvent.Missing>(), missing => missing.Cause == GapCause.Checksum);
    }

    [Fact]
    public void AnAnswerThatLostItsEndIsAskedForAgainBeforeTheTenSecondsAreOver()
    {
        var device = new ScriptedDevice();
        SayNothingForever(device, 20_000);
        var talk = new Talk(device);
        talk.Run(3000);
        device.Deaf.Add(0x24);
        int before = device.Received.Count;
        while (!device.Received.Skip(before).Any(item => item.Bytes.SequenceEqual(Wire.Command(0x24))))
        {
            talk.Run(10);
        }

        device.Deaf.Remove(0x24);
        long lost = talk.Now;
        device.Say(talk.Now, Wire.Response(0x24, "7D 22 ")[..^1]);
        talk.Run(3000);
        Assert.Contains(device.Received.Skip(before), item => item.At > lost + Wire.Millisecond && item.Bytes.SequenceEqual(Wire.Command(0x24)));
        Assert.Contains(talk.Ear.Of<DeviceEvent.Fault>(), fault => fault.Reason.Contains("stopped", StringComparison.Ordinal) || fault.Reason.Contains("cut off", StringComparison.Ordinal));
    }

    /// <summary>Ten seconds of a line that spoils every answer to 53H must not cost the traces for a minute.</summary>
    [Fact]
    public void TracesComeBackSoonAfterABadLine()
    {
        var device = new ScriptedDevice { Record = _ => ScriptedDevice.RecordOf(1, 2) };
        device.Answers[0x53] = Offers;
        device.Deaf.Add(0x53);
        var talk = new Talk(device, new LineSettings(19200));
        int answered = 0;
        while (talk.Now < 3000 * Wire.Millisecond)
        {
            talk.Run(10);
            int asked = device.Commands.Count(code => code == "53");
            for (; answered < asked; answered++)
            {
                device.Say(talk.Now, Wire.Hex("01 53 30 30 0D"));
            }
        }

        Assert.Equal(4, answered);
        device.Deaf.Remove(0x53);
        talk.Run(7000);
        Assert.NotEmpty(RealtimeTests.SamplesOf(talk.Ear, "paw"));
    }

    [Fact]
    public void NakMakesItAskAgain()
    {
        var device = new ScriptedDevice();
        var talk = new Talk(device);
        talk.Run(2000);
        device.Deaf.Add(0x24);
        int before = device.Received.Count;
        while (!device.Received.Skip(before).Any(item => item.Bytes.SequenceEqual(Wire.Command(0x24))))
        {
            talk.Run(10);
        }

        device.Say(talk.Now, Wire.Hex("01 15 31 36 0D"));
        talk.Run(50);
        Assert.Equal(2, device.Received.Skip(before).Count(item => item.Bytes.SequenceEqual(Wire.Command(0x24))));
    }

    [Fact]
    public void AQuestionTheDeviceDoesNotKnowIsSetAsideAndTheOthersGoOn()
    {
        var device = new ScriptedDevice();
        device.Deaf.Add(0x23);
        SayNothingForever(device, 100_000);
        Ear ear = new Talk(device).Run(100_000).Ear;
        Assert.Equal(1, device.Commands.Count(code => code == "23"));
        Assert.Equal(1, device.Commands.Count(code => code == "51"));
        Assert.True(ear.Of<DeviceEvent.Numeric>().Skip(100).Any());
    }

    [Fact]
    public void DcOneHoldsBackAndDcThreeLetsGo()
    {
        var device = new ScriptedDevice();
        var talk = new Talk(device);
        talk.Run(2000);
        device.Say(talk.Now, 0x11);
        talk.Run(100);
        int before = device.Received.Count;
        device.Say(talk.Now, Wire.Command(0x30));
        talk.Run(1000);
        Assert.Equal(before, device.Received.Count);
        device.Say(talk.Now, 0x13);
        talk.Run(100);
        Assert.Contains(device.Received.Skip(before), item => item.Bytes.SequenceEqual(Wire.Response(0x30)));
    }

    [Fact]
    public void DcOneWithoutDcThreeWithinThreeSecondsBeginsAnew()
    {
        var device = new ScriptedDevice();
        var talk = new Talk(device);
        talk.Run(2000);
        device.Say(talk.Now, 0x11);
        for (int i = 1; i < 8; i++)
        {
            device.Say(talk.Now + (i * 500 * Wire.Millisecond), Noise);
        }

        int before = device.Received.Count;
        talk.Run(3500);
        Assert.Equal(Icc, device.Received.Skip(before).Last(item => item.Bytes[0] == 0x1B && item.Bytes[1] == 0x51).Bytes);
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
        var ear = new Ear();
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
            var ear = new Ear();
            IDriverSession session = Wire.Session(line: new LineSettings(19200));
            foreach (Bedside.Ingest.Links.Chunk chunk in talk.Line.Where(chunk => chunk.Direction == Bedside.Ingest.Links.ChunkDirection.FromDevice))
            {
                int step = whole ? chunk.Bytes.Length : 1;
                for (int at = 0; at < chunk.Bytes.Length; at += step)
                {
                    session.OnChunk(chunk with { Bytes = chunk.Bytes.Slice(at, step) }, ear);
                }
            }

            return ear.Lines;
        }
    }

    /// <summary>NOP every second, as a device does that nobody asks anything.</summary>
    private static void SayNothingForever(ScriptedDevice device, int milliseconds)
    {
        for (int at = 0; at < milliseconds; at += 1000)
        {
            device.Say(at * Wire.Millisecond, Wire.Command(0x30));
        }
    }
}
