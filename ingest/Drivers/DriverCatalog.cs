namespace Bedside.Ingest.Drivers;

/// <summary>The drivers of the product, in the order in which they are asked.</summary>
public static class DriverCatalog
{
    /// <summary>Every one, also those that are off unless a site turns them on.</summary>
    public static IReadOnlyList<IDriver> All { get; } =
    [
        new PhilipsIntellivue.PhilipsIntellivueDriver(),
        new DraegerMedibus.DraegerMedibusDriver(),
        new PuritanBennett840.PuritanBennett840Driver(),
        new PuritanBennettWaveform.PuritanBennettWaveformDriver(),
        new ServoCie.ServoCieDriver(),
        new GeDatexDri.GeDatexDriDriver(),
        new Ivy450c.Ivy450cDriver(),
        new MasimoAscii.MasimoAsciiDriver(),
        new NoninDf.NoninDfDriver(),
        new MindrayPds.MindrayPdsDriver(),
        new Capnostream20.Capnostream20Driver(),
        new BisBinary.BisBinaryDriver(),
        new HamiltonPolling.HamiltonPollingDriver(),
    ];

    /// <summary>Those that look for their devices unless a site says otherwise.</summary>
    public static IReadOnlyList<IDriver> Usual { get; } = [.. All.Where(driver => !driver.Traits.IsExperimental)];

    /// <summary>Those that a site has to turn on by name: their devices are not looked for otherwise, and nothing is asked of them.</summary>
    public static IReadOnlyList<IDriver> Experimental { get; } = [.. All.Where(driver => driver.Traits.IsExperimental)];

    /// <summary>The usual ones and the experimental ones of these names, in the order of the list.</summary>
    public static IReadOnlyList<IDriver> With(IReadOnlyCollection<string> experimental) =>
        experimental.Count == 0 ? Usual : [.. All.Where(driver => !driver.Traits.IsExperimental || experimental.Contains(driver.Name))];

    public static IDriver? ByName(string name) => All.FirstOrDefault(driver => driver.Name == name);
}
