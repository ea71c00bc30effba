using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>What happens when the line or the device fails, and how soon all is well again.</summary>
public class RecoveryTests
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

    /// <summary>Whoever pulls the cable just while the settings are asked for the first time must not lose them for five minutes.</summary>
    [Fact]
    public void ACableThatIsPulledWhileAQuestionIsOpenDoesNotTeachThatTheDeviceIsDeafToIt()
    {
        var device = new ScriptedDevice();
        device.Deaf.Add(0x29);
        var talk = new Talk(device);
        RunUntilAsked(talk, device, "29");
        device.IsOff = true;
        talk.Run(5_000);
        device.IsOff = false;
        device.Deaf.Remove(0x29);
        talk.Run(30_000);
        Assert.True(device.Commands.Count(code => code == "29") > 1);
        Assert.Contains(talk.Ear.Of<DeviceEvent.Numeric>(), reading => reading.Metric.Kind == SignalKind.Setting);
    }

    [Fact]
    public void ADeviceThatFallsSilentTwiceOverAQuestionIsNotAskedItForFiveMinutes()
    {
        var device = new ScriptedDevice();
        device.Deaf.Add(0x29);
        var talk = new Talk(device);
        for (int i = 0; i < 2; i++)
        {
            RunUntilAsked(talk, device, "29");
            device.IsOff = true;
            talk.Run(5_000);
            device.IsOff = false;
        }

        int asked = device.Commands.Count(code => code == "29");
        talk.Run(200_000);
        Assert.Equal(asked, device.Commands.Count(code => code == "29"));
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

    private static void RunUntilAsked(Talk talk, ScriptedDevice device, string code)
    {
        int before = device.Commands.Count(one => one == code);
        long limit = talk.Now + (60_000 * Wire.Millisecond);
        while (device.Commands.Count(one => one == code) == before)
        {
            Assert.True(talk.Now < limit, $"{code} is not asked");
            talk.Run(10);
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
