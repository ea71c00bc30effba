using System.Globalization;
using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.PuritanBennett840;

/// <summary>A reply of a real ventilator, where it lies beside the repository.</summary>
public class RealReplyTests
{
    /// <summary>A reply of a real PB840, taken apart here by nothing but its commas, against what the driver tells.</summary>
    [Fact]
    public void ARealReplyComesOutFieldByField()
    {
        if (Repository.Shared("data/captures/puritan-bennett/pb840_misca_2011.bin") is not { } path)
        {
            return;
        }

        byte[] bytes = File.ReadAllBytes(path);
        string text = System.Text.Encoding.ASCII.GetString(bytes);
        string[] fields = text[(text.IndexOf('\u0002') + 1)..text.IndexOf('\u0003')].Split(',');
        var ear = Ear.Heard(Wire.Driver, bytes);
        Assert.Empty(ear.Faults);
        int[] silent = [5, 6, 8, 63, 64, 67, 68];
        for (int number = 5; number <= 101; number++)
        {
            string field = fields[number - 5].Trim();
            string code = string.Create(CultureInfo.InvariantCulture, $"puritan-bennett:{number}A");
            string? told = ear.Of<DeviceEvent.Numeric>().SingleOrDefault(said => said.Metric.DeviceCode == code)?.Value?.ToString()
                ?? ear.Of<DeviceEvent.Text>().SingleOrDefault(said => said.Metric.DeviceCode == code)?.Value;
            Assert.Equal(field.Length == 0 || silent.Contains(number) ? null : field, told);
        }

        Assert.Equal(("840", "3510053249"), ear.Of<DeviceEvent.Identity>().Select(said => (said.Device.Model, said.Device.SerialNumber)).Single());
        Assert.Equal(new DateTime(2011, 11, 22, 14, 47, 0), ear.Of<DeviceEvent.WallClock>().Single().Wall);
        Assert.Equal(("14", "0.38", "5.29", "24.0", "8.6", "20.0"), (ear.Number("vent-rate-total"), ear.Number("vt-exp"), ear.Number("mv-exp"), ear.Number("ppeak"), ear.Number("pmean"), ear.Number("compliance-dyn")));
        Assert.Empty(ear.Of<DeviceEvent.AlertSaid>());
    }
}
