using System.Globalization;
using System.Text;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>
/// Every simulator at every documented setting of its driver, on a port that nobody told anything: the port names device, protocol and settings within ten
/// seconds in the middle and forty-five at worst. The clock is turned by hand, so the figures are the same on every machine.
/// </summary>
public class EveryDeviceTests(ITestOutputHelper output)
{
    private const double Median = 10;
    private const double Worst = 45;

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // as a pseudo-terminal, and some adapters
    public void EveryDeviceIsNamedAtEveryDocumentedSettingWithinTheBounds(bool portCountsErrors)
    {
        var took = new List<double>();
        var table = new StringBuilder();
        foreach ((DeviceKind kind, string name, string model, string[] options) in EveryDevice.All)
        {
            IDriver driver = DriverCatalog.ByName(name)!;
            foreach (LineSettings line in driver.Traits.Lines)
            {
                // Wherever in its cycle the device is when it is plugged in.
                double[] phases = [.. new[] { 0, 170, 370, 550, 730, 910, 1_230, 1_710, 2_190, 2_610, 2_950, 5_110 }.Select(onForMs => Name(kind, driver, line, model, portCountsErrors, onForMs, options))];
                took.AddRange(phases);
                table.AppendLine(CultureInfo.InvariantCulture, $"{kind.Name,-24} {string.Join(' ', options),-12} {line,-10} {string.Join(' ', phases.Select(seconds => $"{seconds,4:0.0}"))} s");
            }
        }

        took.Sort();
        table.AppendLine(CultureInfo.InvariantCulture, $"median {took[took.Count / 2]:0.0} s, worst {took[^1]:0.0} s of {took.Count}");
        output.WriteLine(table.ToString());
        Assert.True(took[took.Count / 2] <= Median && took[^1] <= Worst, table.ToString());
    }

    /// <summary>At another speed everything is noise; with another parity some of it is not.</summary>
    [Theory]
    [InlineData("2400 8N1", false)]
    [InlineData("57600 8N1", false)]
    [InlineData("31250 8E1", false)]
    [InlineData("9600 8O1", true)]
    public void AtSettingsThatNobodyDocumentsADeviceIsNotTakenForAnother(string line, bool mayBeItself)
    {
        foreach ((DeviceKind kind, string name, _, string[] options) in EveryDevice.All)
        {
            foreach (bool counts in new[] { true, false })
            {
                var time = new ManualTime();
                using var device = new DeviceOnLine(time, kind, LineSettings.Parse(line)!, counts, onForMs: 400, options);
                HuntResult result = new Hunt(new HuntOptions(Bedside.Ingest.Drivers.Transport.Serial), time).Run(device, CancellationToken.None);
                Assert.True(result.Found is null || (mayBeItself && result.Found.Driver.Name == name), $"{kind.Name} at {line} is taken for {result.Found?.Driver.Name} at {result.Found?.Line}");
            }
        }
    }

    [Fact]
    public void NoDriverTakesTheQuestionsOfAnotherForADevice()
    {
        foreach (IDriver asking in DriverCatalog.All)
        {
            byte[] questions = [.. asking.Traits.Probes.SelectMany(question => question.ToArray())];
            byte[] often = [.. Enumerable.Repeat(questions, 4).SelectMany(once => once)];
            Assert.All(DriverCatalog.All.Where(other => other != asking), other => Assert.NotEqual(Verdict.Yes, other.Sniff(often, Bedside.Ingest.Drivers.Transport.Serial)));
        }
    }

    [Fact]
    public void NoDriverOfASerialDeviceIsLeftOut() =>
        Assert.Empty(DriverCatalog.All
            .Where(driver => driver.Traits.Lines.Count > 0 && driver.Traits.Quality != "experimental")
            .Select(driver => driver.Name)
            .Except(EveryDevice.All.Select(device => device.Driver)));

    /// <summary>Seconds until the port has said driver, settings and what the device says of itself.</summary>
    private static double Name(DeviceKind kind, IDriver driver, LineSettings line, string model, bool counts, int onForMs, string[] options)
    {
        var time = new ManualTime();
        var device = new DeviceOnLine(time, kind, line, counts, onForMs, options);
        long begun = time.GetTimestamp();
        using var cancel = new CancellationTokenSource();
        var sink = new Naming(time, begun, cancel);
        new Port(new PortOptions("bench", Bedside.Ingest.Drivers.Transport.Serial, () => device) { Tee = _ => sink.Watch() }, sink, time, NullLogger<Port>.Instance).Run(cancel.Token);

        string what = $"{kind.Name} {string.Join(' ', options)} at {line} after {onForMs} ms";
        Assert.True((driver.Name, line) == (sink.Driver, sink.Line), $"{what} is taken for {(sink.Driver.Length > 0 ? sink.Driver : "nothing")} at {sink.Line}");
        Assert.True(model.Length == 0 ? sink.Device?.Model.Length > 0 : sink.Device?.Model == model, $"{what} says it is '{sink.Device?.Model}'");
        return TimeSpan.FromTicks(time.GetTimestamp() - begun).TotalSeconds;
    }

    /// <summary>Ends the port when the device has a name, or when it takes too long.</summary>
    private sealed class Naming(ManualTime time, long begun, CancellationTokenSource cancel) : IPortSink
    {
        public string Driver { get; private set; } = "";

        public LineSettings? Line { get; private set; }

        public DeviceIdentity? Device { get; private set; }

        public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at) =>
            (Driver, Line) = port.Driver is { } driver ? (driver.Name, port.Line) : (Driver, Line);

        public void OnChunk(PortIdentity port, MonotonicInstant at, bool empty)
        {
        }

        public void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said)
        {
            if (said is DeviceEvent.Identity identity)
            {
                Device ??= identity.Device;
                cancel.Cancel();
            }
        }

        public void Watch()
        {
            if (TimeSpan.FromTicks(time.GetTimestamp() - begun).TotalSeconds > 2 * Worst)
            {
                cancel.Cancel();
            }
        }
    }
}
