using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest;

/// <summary>
/// Our captures, for every driver of the catalogue: against what the driver made of them when they were read and found right, however they are cut; who recognises them; and whether what made
/// them still says the same. With BEDSIDE_GOLDEN=write in the environment captures and goldens are written anew, to be looked at before they are committed.
/// </summary>
public class CaptureTests
{
    private const int Windows = 500;

    public static TheoryData<string, string> All => Data(Golden.All);

    public static TheoryData<string, string> Made => Data(Recipes.All.Select(recipe => (recipe.Driver, recipe.Name)));

    /// <summary>Those of devices that say no more than they are asked. What was said to others stands in the tests of their drivers.</summary>
    public static TheoryData<string, string> Polled => Data(Golden.All.Where(capture => capture.Driver is "puritan-bennett-840" or "servo-cie" or "hamilton-polling"));

    public static TheoryData<string> Drivers => [.. DriverCatalog.All.Select(driver => driver.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_gives_its_golden(string driver, string name)
    {
        string golden = Golden.PathOf(driver, name, "golden");
        if (Golden.IsWritten)
        {
            Recipes.Of(driver, name)?.Record();
            File.WriteAllLines(golden, Golden.Replay(Driver(driver), name).Lines);
        }

        Assert.Empty(Golden.Open(driver, name).Faults);
        Ear ear = Golden.Replay(Driver(driver), name);
        Assert.Empty(ear.Sent);
        Assert.Equal(File.ReadAllLines(golden), ear.Lines);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_cut_anywhere_gives_the_same_golden(string driver, string name)
    {
        string[] golden = File.ReadAllLines(Golden.PathOf(driver, name, "golden"));
        Assert.All([1, 7, 64], pieces => Assert.Equal(golden, Golden.Replay(Driver(driver), name, pieces).Lines));
    }

    /// <summary>What made the capture says today what it said then: the capture is no relic.</summary>
    [Theory]
    [MemberData(nameof(Made))]
    public void A_capture_is_what_its_device_says_today(string driver, string name)
    {
        (CaptureHeader header, IReadOnlyList<Chunk> line) = Recipes.Of(driver, name)!.Make();
        Recording recorded = Golden.Open(driver, name);
        Assert.Equal((recorded.Header.Device, recorded.Header.Line, recorded.Header.Transport, recorded.Header.Notes), (header.Device, header.Line, header.Transport, header.Notes));
        Assert.Equal(Golden.FromDevice(recorded.Chunks()), Golden.FromDevice(line));
    }

    /// <summary>Replayed with its silences, a session that may speak says what was said when it was recorded.</summary>
    [Theory]
    [MemberData(nameof(Polled))]
    public void What_was_said_to_the_device_of_a_capture_is_said_again(string driver, string name)
    {
        LineSettings? line = Golden.Open(driver, name).Header.Line;
        Assert.NotNull(line);
        (List<string> recorded, List<string> said) = Golden.Again(Driver(driver), name, line, ticks: true);
        Assert.NotEmpty(recorded);
        Assert.Equal(recorded.Distinct().Order(), said.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_is_recognised_from_its_first_bytes_and_on_no_carrier_its_driver_does_not_know(string driver, string name)
    {
        byte[] bytes = Golden.FromDevice(driver, name);
        Transport carrier = Golden.TransportOf(driver, name);
        Assert.All([Recipes.Of(driver, name)?.Enough ?? Golden.WindowBytes, Golden.WindowBytes], enough => Assert.Equal(Verdict.Yes, Driver(driver).Sniff(bytes.AsSpan(0, Math.Min(enough, bytes.Length)), carrier)));
        if (Driver(driver).Traits.NetworkPort == 0)
        {
            Assert.Equal(Verdict.No, Driver(driver).Sniff(bytes, Transport.Udp));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Nobody_else_takes_a_capture(string driver, string name)
    {
        Transport carrier = Golden.TransportOf(driver, name);
        foreach (byte[] window in WindowsOf(Golden.FromDevice(driver, name)))
        {
            Assert.All(DriverCatalog.All.Where(other => other.Name != driver), other => Assert.NotEqual(Verdict.Yes, other.Sniff(window, carrier)));
        }
    }

    /// <summary>Not in our captures, and not in the recordings of real devices where they lie beside the repository.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_driver_takes_no_bytes_of_other_devices(string name)
    {
        IDriver driver = Driver(name);
        (string Source, byte[] Bytes)[] others = [.. Golden.All.Where(other => other.Driver != name).Select(other => ($"{other.Driver}/{other.Name}", Golden.FromDevice(other.Driver, other.Name))), .. RealOnes(name)];
        Assert.NotEmpty(others);
        Assert.All(others, other => Assert.All(WindowsOf(other.Bytes), window => Assert.True(driver.Sniff(window, CarrierOf(driver)) != Verdict.Yes, other.Source)));
    }

    /// <summary>On a line they are certainly none; whoever connects to a network port may still have to begin his first message.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public void Random_bytes_are_no_device(string name)
    {
        IDriver driver = Driver(name);
        var random = new Random(11);
        byte[] window = new byte[Golden.WindowBytes];
        for (int i = 0; i < Windows; i++)
        {
            random.NextBytes(window);
            Verdict verdict = driver.Sniff(window, CarrierOf(driver));
            Assert.True(verdict == Verdict.No || (verdict == Verdict.NeedMore && CarrierOf(driver) == Transport.Tcp), $"window {i}: {verdict}");
        }
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Nothing_is_too_short(string name)
    {
        IDriver driver = Driver(name);
        Assert.Equal(Verdict.NeedMore, driver.Sniff([], CarrierOf(driver)));
        for (int value = 0; value < 256; value++)
        {
            Assert.Equal(Verdict.NeedMore, driver.Sniff([(byte)value], CarrierOf(driver)));
        }
    }

    private static TheoryData<string, string> Data(IEnumerable<(string Driver, string Name)> captures)
    {
        var data = new TheoryData<string, string>();
        foreach ((string driver, string name) in captures)
        {
            data.Add(driver, name);
        }

        return data;
    }

    private static IDriver Driver(string name) => DriverCatalog.ByName(name) ?? throw new InvalidOperationException(name);

    private static Transport CarrierOf(IDriver driver) => driver.Traits.Lines.Count > 0 ? Transport.Serial : Transport.Tcp;

    /// <summary>All that is sniffed at when one begins to listen at each half of a window.</summary>
    private static IEnumerable<byte[]> WindowsOf(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length; at += Golden.WindowBytes / 2)
        {
            yield return bytes[at..Math.Min(at + Golden.WindowBytes, bytes.Length)];
        }
    }

    /// <summary>A folder is called as the driver or its maker.</summary>
    private static IEnumerable<(string Source, byte[] Bytes)> RealOnes(string without)
    {
        string? shared = Repository.Shared(Path.Combine("data", "captures"));
        foreach (string file in shared is null ? [] : Directory.GetFiles(shared, "*", SearchOption.AllDirectories))
        {
            string folder = Path.GetFileName(Path.GetDirectoryName(file)) ?? " ";
            if (!without.StartsWith(folder, StringComparison.Ordinal))
            {
                yield return ($"{folder}/{Path.GetFileName(file)}", File.ReadAllBytes(file));
            }
        }
    }
}
