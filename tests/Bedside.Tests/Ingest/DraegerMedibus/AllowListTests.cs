using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>Nothing that could change a setting of the device can leave the box.</summary>
public class AllowListTests
{
    private static readonly IReadOnlyList<AllowedMessage> Allowed = new DraegerMedibusDriver().Traits.Outgoing;

    /// <summary>Commands that only ask, keep alive, begin, end, or choose what is sent to us.</summary>
    private static readonly HashSet<int> Harmless =
        [0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x2D, 0x2E, 0x30, 0x51, 0x52, 0x53, 0x54, 0x55, 0x6A];

    [Fact]
    public void NoCommandButTheHarmlessOnesCanPassWhateverItsArgument()
    {
        var random = new Random(27);
        for (int code = 0; code < 256; code++)
        {
            if (Harmless.Contains(code))
            {
                continue;
            }

            for (int length = 0; length <= 56; length++)
            {
                string digits = string.Concat(Enumerable.Range(0, length).Select(_ => "0123456789ABCDEF"[random.Next(16)]));
                byte[] command = Wire.Command(code, digits);
                Assert.DoesNotContain(Allowed, message => message.Matches(command));
            }
        }
    }

    [Fact]
    public void EveryAllowedCommandHasAHarmlessCodeThatCountsByteByByte()
    {
        foreach (AllowedMessage message in Allowed.Where(message => message.Bytes.Span[0] == 0x1B))
        {
            Assert.Contains(message.Bytes.Span[1], Harmless.Select(code => (byte)code));
            Assert.True(message.Mask.IsEmpty || (message.Mask.Span[0] == 0xFF && message.Mask.Span[1] == 0xFF && message.Mask.Span[^1] == 0xFF));
        }

        Assert.All(Allowed.Where(message => message.Bytes.Span is [0x1B, 0x6A, ..]), message => Assert.InRange(message.Bytes.Span[2], (byte)'2', (byte)'5'));
    }

    [Fact]
    public void AnAllowedMessageIsOneFrameOrEnablingBytesAndNothingElse()
    {
        foreach (AllowedMessage message in Allowed)
        {
            byte[] bytes = message.Bytes.ToArray();
            if (bytes[0] == 0xD0)
            {
                Assert.All(bytes[1..], value => Assert.InRange(value, (byte)0xC0, (byte)0xCF));
                continue;
            }

            var deframer = new Deframer();
            Part[] parts = [.. bytes.Select(deframer.Take).Where(part => part != Part.None)];
            Assert.Equal([bytes[0] == 0x1B ? Part.Command : Part.Response], parts);
        }
    }

    [Fact]
    public void NoFreePlaceCanHoldTheBeginOfAnotherFrame()
    {
        foreach (AllowedMessage message in Allowed.Where(message => !message.Mask.IsEmpty))
        {
            for (int place = 0; place < message.Bytes.Length; place++)
            {
                for (int value = 0; value < 256; value++)
                {
                    byte[] changed = message.Bytes.ToArray();
                    changed[place] = (byte)value;
                    bool digit = value is (>= '0' and <= '9') or (>= 'A' and <= 'F');
                    bool free = message.Mask.Span[place] != 0xFF;
                    Assert.Equal(value == message.Bytes.Span[place] || (free && digit), message.Matches(changed));
                }
            }
        }
    }

    [Fact]
    public void EveryChoiceOfTracesPassesAndALongerOneDoesNot()
    {
        for (int count = 1; count <= 12; count++)
        {
            byte[] choice = Messages.WriteChoices([.. Enumerable.Range(0, count).Select(i => new TraceChoice((byte)(0x1F * i), 0xAB))]);
            Assert.Contains(Allowed, message => message.Matches(choice));
        }

        byte[] thirteen = Wire.Command(0x54, new string('0', 52));
        Assert.DoesNotContain(Allowed, message => message.Matches(thirteen));
    }

    [Fact]
    public void ProbesAreAllowedAndHarmless()
    {
        IReadOnlyList<ReadOnlyMemory<byte>> probes = new DraegerMedibusDriver().Traits.Probes;
        Assert.Equal([Wire.Command(0x51), Wire.Command(0x52)], probes.Select(probe => probe.ToArray()));
        Assert.All(probes, probe => Assert.Contains(Allowed, message => message.Matches(probe.Span)));
    }

    [Fact]
    public void EveryCommandOfADeviceCanBeAnswered()
    {
        for (int code = 0x20; code < 0x80; code++)
        {
            if (code != 0x52)
            {
                byte[] answer = Wire.Response(code);
                Assert.Contains(Allowed, message => message.Matches(answer));
            }
        }

        byte[] identity = Wire.Response(0x52, "0161'Bedside'01.00:06.00");
        Assert.Contains(Allowed, message => message.Matches(identity));
    }
}
