using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Tests.Ingest.PhilipsIntellivue;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>How long the hunt takes: ten seconds in the middle, forty-five at worst, also with many drivers.</summary>
public class HuntTimeTests
{
    private static readonly LineSettings[] Common =
    [
        new(19200, 8, LineParity.Even), new(9600, 8, LineParity.Even), new(9600), new(38400), new(115200), new(19200), new(38400, 8, LineParity.Even),
        new(57600), new(9600, 8, LineParity.Even, 2), new(2400, 7, LineParity.Even),
    ];

    /// <summary>The drivers that look for their devices today and twelve more: questions at two or three settings each, and two that speak once a second and cannot be asked.</summary>
    private static IReadOnlyList<IDriver> Many { get; } =
    [
        .. DriverCatalog.Usual,
        .. Enumerable.Range(0, 10).Select(i => new EchoDriver($"asked-{i}", (byte)(0x81 + i))
        {
            Lines = [Common[i % Common.Length], Common[(i + 3) % Common.Length], Common[((i * 7) + 5) % Common.Length]],
        }),
        .. Enumerable.Range(0, 2).Select(i => new EchoDriver($"talker-{i}", (byte)(0xB1 + i)) { Asks = false, SpeaksEvery = TimeSpan.FromSeconds(1), Lines = [Common[2 + i], Common[4]] }),
    ];

    [Fact]
    public void EveryDeviceOfALargeCatalogueIsFoundWithinTheBounds()
    {
        var took = new List<double>();
        foreach (EchoDriver driver in Many.OfType<EchoDriver>())
        {
            foreach (LineSettings line in driver.Lines)
            {
                foreach (int delay in new[] { 20, 350 })
                {
                    var time = new ManualTime();
                    using HuntLine device = driver.Traits.Probes.Count == 0
                        ? new HuntLine(time, line) { Words = () => driver.Frame(7), EveryMs = 1_000 }
                        : new HuntLine(time, line) { Answer = asked => asked.SequenceEqual(driver.Question) ? [(delay, [.. driver.Frame(3), .. driver.Frame(4)])] : [] };
                    took.Add(Find(device, time, driver, line));
                }
            }
        }

        AssertBounds(took);
    }

    [Fact]
    public void AMonitorIsFoundWhateverTimeItTakesToAccept()
    {
        var took = new List<double>();
        IDriver monitor = DriverCatalog.ByName("philips-intellivue")!;
        foreach (LineSettings line in monitor.Traits.Lines)
        {
            foreach (int accept in new[] { 1_090, 1_500, 2_190, 2_600, 3_500, 4_500 })
            {
                var time = new ManualTime();
                using var device = new HuntLine(time, line) { Answer = Accepting(time, accept) };
                took.Add(Find(device, time, monitor, line));
            }
        }

        AssertBounds(took);
    }

    [Fact]
    public void WithoutErrorCountersTheBoundsHoldToo()
    {
        var took = new List<double>();
        foreach (EchoDriver driver in Many.OfType<EchoDriver>().Where(driver => driver.Traits.Probes.Count == 0))
        {
            foreach (LineSettings line in driver.Lines)
            {
                var time = new ManualTime();
                using var device = new HuntLine(time, line) { Counts = false, Words = () => driver.Frame(7), EveryMs = 1_000 };
                took.Add(Find(device, time, driver, line));
            }
        }

        AssertBounds(took);
    }

    [Fact]
    public void TheCatalogueKeepsASilentRoundWithinTwentySeconds() =>
        Assert.InRange(HuntPlan.Of(new HuntOptions(Transport.Serial)).SilentRoundMs, 1, 20_000);

    [Fact]
    public void ManyDriversAskedAtOneSettingCostASpacingEachAndNotAnAnswer()
    {
        int alone = HuntPlan.Of(new HuntOptions(Transport.Serial) { Drivers = Many.Take(3).ToList() }).SilentRoundMs;
        EchoDriver[] more = [.. Enumerable.Range(0, 20).Select(i => new EchoDriver($"more-{i}", (byte)(0x20 + i)) { Lines = [Common[0]] })];
        int crowded = HuntPlan.Of(new HuntOptions(Transport.Serial) { Drivers = [.. Many.Take(3), .. more] }).SilentRoundMs;
        Assert.InRange(crowded - alone, 0, (20 * HuntPlan.SpacingMs) + 400);
    }

    [Fact]
    public void ADeviceKnownByItsUsbIdentityIsTriedFirst()
    {
        var known = new EchoDriver("usb", 0x99) { Lines = [new(57600)], UsbIds = ["1234:5678"] };
        var time = new ManualTime();
        using var device = new HuntLine(time, new LineSettings(57600)) { Answer = asked => asked.SequenceEqual(known.Question) ? [(30, [.. known.Frame(3), .. known.Frame(4)])] : [] };
        HuntResult result = new Hunt(new HuntOptions(Transport.Serial) { Drivers = [.. Many, known], UsbId = "1234:5678" }, time).Run(device, CancellationToken.None);

        Assert.Equal("usb", result.Found?.Driver.Name);
        Assert.InRange(time.GetTimestamp(), 0, TimeSpan.FromSeconds(2).Ticks);
    }

    /// <summary>
    /// Accepts so much later, then introduces itself, and again each 3.1 s until it is thanked; gives up 10 s after it accepted. What is asked meanwhile
    /// is not answered (protocol sheet, section 4.7).
    /// </summary>
    private static Func<byte[], IEnumerable<(int AfterMs, byte[] Words)>> Accepting(ManualTime time, int acceptMs)
    {
        long busyUntil = 0;
        return message =>
        {
            if (message.Length < 100 || time.GetTimestamp() < busyUntil)
            {
                return [];
            }

            busyUntil = time.GetTimestamp() + TimeSpan.FromMilliseconds(acceptMs + 10_000).Ticks;
            byte[] accept = Wire.Framed(Vectors.AssociationAccept);
            byte[] create = Wire.Framed(Vectors.MdsCreate);
            return [(acceptMs, accept), (acceptMs + 2, create), (acceptMs + 3_102, create), (acceptMs + 6_202, create)];
        };
    }

    /// <summary>Rounds until it is found, as a port does; seconds.</summary>
    private static double Find(HuntLine device, ManualTime time, IDriver driver, LineSettings line)
    {
        var hunt = new Hunt(new HuntOptions(Transport.Serial) { Drivers = Many }, time);
        for (int round = 0; round < 6; round++)
        {
            if (hunt.Run(device, CancellationToken.None).Found is { } found)
            {
                Assert.Equal(new Candidate(driver, line), found);
                return TimeSpan.FromTicks(time.GetTimestamp()).TotalSeconds;
            }
        }

        Assert.Fail($"{driver.Name} is not found at {line}; {device.Sent.Count} questions in {time.GetTimestamp() / TimeSpan.TicksPerSecond} s");
        return 0;
    }

    private static void AssertBounds(List<double> took)
    {
        took.Sort();
        Assert.InRange(took[took.Count / 2], 0, 10);
        Assert.InRange(took[^1], 0, 45);
    }
}
