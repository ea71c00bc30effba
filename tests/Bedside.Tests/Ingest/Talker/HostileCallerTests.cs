using System.Globalization;
using System.Net.Sockets;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Ingest.Talker;

/// <summary>Whoever has taken over the box's program has the talker's socket, and may say what they like; <c>BEDSIDE_TALKER_SEEDS=0-1000</c> says more of it.</summary>
public sealed class HostileCallerTests
{
    private const int Seeds = 20;

    /// <summary>Fewer than may be sent in a second.</summary>
    private const int Messages = 90;
    private static readonly byte[] Question = DriverCatalog.ByName("draeger-medibus")!.Traits.Probes[0].ToArray();

    [Fact]
    public async Task Of_all_that_somebody_with_the_socket_sends_the_device_gets_what_drivers_declare_and_nothing_else()
    {
        AllowedMessage[] declared = [.. DriverCatalog.Usual.Where(driver => driver.Traits.Lines.Count > 0).SelectMany(driver => driver.Traits.Outgoing)];
        long passed = 0;
        await CrashSeeds.ForEachAsync("BEDSIDE_TALKER_SEEDS", Seeds, async seed =>
        {
            var random = new Random(seed);
            await using var talked = new TalkedCable();
            using Socket caller = talked.Knock();
            _ = await caller.SendAsync(talked.OpenFrame);
            Assert.Equal('K', TalkedCable.Read(caller)!.Value.Kind);
            var expected = new List<byte>();
            for (int i = 0; i < Messages; i++)
            {
                byte[] message = Message(random, declared);
                if (declared.Any(one => one.Matches(message)))
                {
                    expected.AddRange(message);
                }

                _ = await caller.SendAsync(TalkedCable.Frame('S', message));
            }

            // The last word goes through after all others.
            _ = await caller.SendAsync(TalkedCable.Frame('S', Question));
            expected.AddRange(Question);
            Assert.Equal(expected, talked.Cable.Read(expected.Count));
            caller.Shutdown(SocketShutdown.Send);
            Assert.Null(TalkedCable.Read(caller));
            Interlocked.Add(ref passed, expected.Count);
        });
        Assert.True(passed > Seeds * Question.Length);
    }

    [Fact]
    public Task Nothing_that_comes_through_the_socket_ends_the_talker_or_reaches_the_device() =>
        CrashSeeds.ForEachAsync("BEDSIDE_TALKER_SEEDS", Seeds, async seed =>
        {
            var random = new Random(seed);
            await using var talked = new TalkedCable();
            for (int i = 0; i < 30; i++)
            {
                using Socket caller = talked.Knock();
                await SayAsync(caller, talked, random);
            }

            Assert.Single(talked.Ports.List());
            using ISerialLine line = talked.Open();
            line.Send(Question);
            Assert.Equal(Question, talked.Cable.Read(Question.Length));
        });

    /// <summary>A declared message, one with a bit changed, one that is cut or longer, or noise.</summary>
    private static byte[] Message(Random random, AllowedMessage[] declared)
    {
        byte[] message = declared[random.Next(declared.Length)].Bytes.ToArray();
        switch (random.Next(5))
        {
            case 0:
                message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                return message;
            case 1:
                return message[..random.Next(message.Length)];
            case 2:
                return [.. message, (byte)random.Next(256)];
            case 3:
                byte[] noise = new byte[random.Next(1, 40)];
                random.NextBytes(noise);
                return noise;
            default:
                return message;
        }
    }

    /// <summary>Half frames, wrong lengths, unknown kinds, wrong versions, odd settings, and open lines that are left without a word.</summary>
    private static async Task SayAsync(Socket caller, TalkedCable talked, Random random)
    {
        byte[] noise = new byte[random.Next(200)];
        random.NextBytes(noise);
        string settings = random.Next(4) switch { 0 => "9600", 1 => "0 8N1", 2 => "99999999 8N1", _ => Convert.ToHexString(noise) };
        byte[][] all =
        [
            noise,
            TalkedCable.Frame((char)random.Next(256), noise),
            TalkedCable.Frame('O', """{"version":2,"path":"/dev/null","line":"9600 8N1","listenOnly":false}"""),
            TalkedCable.Frame('O', """{"version":1,"path":null,"line":"9600 8N1","listenOnly":false}"""),
            TalkedCable.Frame('O', noise),
            TalkedCable.Frame('L', """{"version":1}"""),
            TalkedCable.Frame('L', string.Create(CultureInfo.InvariantCulture, $$"""{"version":{{random.Next()}}}""")),
            [(byte)'L', 0xFF, 0xFF, 0xFF, (byte)random.Next(256)],
            TalkedCable.Frame('O', noise)[..random.Next(5)],
            [.. talked.OpenFrame, .. TalkedCable.Frame('T', settings)],
            [.. talked.OpenFrame, .. TalkedCable.Frame('S', noise), .. TalkedCable.Frame('C', [])],
            [.. talked.OpenFrame, .. noise],
        ];
        try
        {
            _ = await caller.SendAsync(all[random.Next(all.Length)]);
            caller.Shutdown(SocketShutdown.Send);
            while (TalkedCable.Read(caller) is not null)
            {
            }
        }
        catch (SocketException hungUp) when (hungUp.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected)
        {
            // It may hang up before all was said.
        }
    }
}
