namespace Bedside.Ingest.Drivers;

/// <summary>Every driver of the product, in the order in which they are asked.</summary>
public static class DriverCatalog
{
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
    ];

    public static IDriver? ByName(string name) => All.FirstOrDefault(driver => driver.Name == name);
}
