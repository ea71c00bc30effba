using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

public sealed class SniffTests
{
    private static readonly PhilipsIntellivueDriver Driver = new();

    [Fact]
    public void A_connect_indication_is_enough() =>
        Assert.Equal(Verdict.Yes, Driver.Sniff(Vectors.ConnectIndication, Transport.Udp));

    [Fact]
    public void Two_messages_are_needed_and_enough()
    {
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(Vectors.AssociationAccept, Transport.Udp));
        Assert.Equal(Verdict.Yes, Driver.Sniff(Wire.Join(Vectors.AssociationAccept, Vectors.MdsCreate), Transport.Udp));
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(Wire.Framed(Vectors.MdsCreate), Transport.Serial));
        Assert.Equal(Verdict.Yes, Driver.Sniff(Wire.Join(Wire.Framed(Vectors.AssociationAccept), Wire.Framed(Vectors.MdsCreate)), Transport.Serial));
    }

    [Fact]
    public void A_window_may_begin_in_the_middle()
    {
        byte[] stream = Wire.Join(Vectors.FromMonitor.Where(vector => vector[0] == 0xE1).Select(Wire.Framed));
        for (int start = 0; start < 300; start++)
        {
            Assert.Equal(Verdict.Yes, Driver.Sniff(stream.AsSpan(start, 1200), Transport.Serial));
        }
    }

    [Fact]
    public void Short_messages_prove_nothing()
    {
        byte[] session = Wire.Join(Vectors.Release, Vectors.ReleaseResponse, Vectors.Abort, Vectors.Refuse);
        Assert.Equal(Verdict.NeedMore, Driver.Sniff(session, Transport.Udp));
    }

    [Fact]
    public void Nothing_yet_is_no_answer()
    {
        Assert.Equal(Verdict.NeedMore, Driver.Sniff([], Transport.Serial));
        Assert.Equal(Verdict.NeedMore, Driver.Sniff([], Transport.Udp));
    }

    [Theory]
    [InlineData(Transport.Serial)]
    [InlineData(Transport.Udp)]
    [InlineData(Transport.Tcp)]
    public void Other_protocols_and_random_bytes_are_not_taken(Transport transport)
    {
        // MEDIBUS: commands and replies between ESC or SOH and CR, ASCII with a two-digit sum; realtime bytes with the top bit set.
        byte[] medibus = Wire.Join(Enumerable.Repeat(Wire.Hex("1B 51 36 43 0D 01 51 35 32 0D 01 24 30 36 20 31 32 33 34 41 42 0D D0 81 C0 C1 8F BF"), 80));
        Assert.Equal(Verdict.No, Driver.Sniff(medibus, transport));
        for (int seed = 0; seed < 300; seed++)
        {
            byte[] noise = new byte[4096];
            new Random(seed).NextBytes(noise);
            Assert.Equal(Verdict.No, Driver.Sniff(noise, transport));
        }

        Assert.Equal(Verdict.No, Driver.Sniff(new byte[4096], transport));
    }
}
