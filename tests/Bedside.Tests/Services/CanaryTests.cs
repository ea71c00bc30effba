using System.Text;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Viewer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bedside.Tests.Services;

/// <summary>Identities that are planted wherever one can come in, and looked for wherever one could come out: in no file, no line of the log, no answer of the API. The vault is encrypted, and has them.</summary>
public sealed class CanaryTests : IAsyncDisposable
{
    private const string Name = "KANARIENVÖGEL";
    private const string Given = "Žofie";
    private const string Number = "CANARY0815";
    private static readonly string[] Numbers = [Number, "CANARYORU1", "CANARYMON1", "CANARYMRG1", "CANARYVIS1", "CANARYFAR1"];

    private readonly AdmissionBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Fact]
    public async Task IdentitiesThatComeInAreFoundNowhereButInTheVault()
    {
        await PlantAsync();
        await _box.Store.SyncAsync(CancellationToken.None);
        List<(string Where, byte[] Bytes)> all = await AnswersAsync();
        await _box.RestartAsync();
        Assert.Equal((Name, Given), (_box.Vault.Describe(_box.Place.PersonOf(Number))!.Family, _box.Vault.Describe(_box.Place.PersonOf(Number))!.Given));
        Assert.NotNull(_box.Vault.Describe(_box.Place.PersonOf("CANARYMON1")));
        Assert.NotNull(_box.Vault.Describe(_box.Place.PersonOf("CANARYORU1")));
        await _box.StopAsync();
        all.AddRange(Directory.EnumerateFiles(_box.Folder.Path, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock").Select(file => (file, Read(file))));
        all.AddRange(_box.Log.Select(line => ("log: " + line, Encoding.UTF8.GetBytes(line))));
        all.Add(("events", Encoding.UTF8.GetBytes(string.Join('\n', _box.Desk.Said))));
        Assert.Contains(all, one => one.Where.EndsWith("/identities", StringComparison.Ordinal));
        Assert.True(_box.Log.Count > 1 && all.Count > 20, $"only {all.Count} places");
        foreach ((string where, byte[] bytes) in all)
        {
            foreach (byte[] canary in Canaries())
            {
                Assert.True(bytes.AsSpan().IndexOf(canary) < 0, $"{where} has {Encoding.Latin1.GetString(canary)}");
            }
        }
    }

    /// <summary>What a device says of itself and of its patient in free text belongs to the stay: it is shown at the bed, and nothing of it stands on the disk in the clear, in an index, a journal or the log.</summary>
    [Fact]
    public async Task TextsOfDevicesAndOfAlarmsStandInNoFileInTheClearAndInNoLog()
    {
        var now = UtcInstant.FromDateTime(_box.Time.GetUtcNow());
        await _box.Store.AppendAsync(
            new DeviceBlock
            {
                Signal = SignalNumber.None,
                Start = now,
                Device = Given,
                State = DeviceState.Receiving,
                Reason = Number,
                Identity = new DeviceIdentity { Manufacturer = "M", Model = $"MX {Name}", SerialNumber = Number, Firmware = "F", Protocol = "P" },
            },
            CancellationToken.None);
        await _box.Store.AppendAsync(
            new AlertBlock { Signal = SignalNumber.None, Start = now, Device = Given, Alert = new Alert { Key = "k", Phase = AlertPhase.Start, Priority = AlertPriority.High, Text = $"{Name} {Given} {Number}" } },
            CancellationToken.None);
        Signal named = _box.Store.Register(Given, new Metric { SignalId = $"raw/test/{Number}", Kind = SignalKind.Numeric, Unit = string.Empty, Label = Name });
        await _box.Store.AppendAsync(new NumericBlock { Signal = named.Number, Start = now, ClockEpoch = 1, Readings = [new NumericReading(now, new Fixed(1, 0), Validity.Valid, DeviceNanoseconds: null)] }, CancellationToken.None);
        await _box.Store.SyncAsync(CancellationToken.None);
        List<(string Where, byte[] Bytes)> all = Files();
        await _box.StopAsync();
        all.AddRange(Files());
        all.AddRange(_box.Log.Select(line => ("log: " + line, Encoding.UTF8.GetBytes(line))));
        Assert.True(all.Count > 4, $"only {all.Count} places");
        foreach ((string where, byte[] bytes) in all)
        {
            foreach (byte[] canary in Canaries())
            {
                Assert.True(bytes.AsSpan().IndexOf(canary) < 0, $"{where} has {Encoding.Latin1.GetString(canary)}");
            }
        }

        List<(string Where, byte[] Bytes)> Files() =>
            [.. Directory.EnumerateFiles(_box.Folder.Path, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock").Select(file => (file, Read(file)))];
    }

    /// <summary>Of admissions and of demographics nothing leaves by an export; what a device says of itself and of its alarms does, in the columns that hold it, and in none of FHIR's.</summary>
    [Theory]
    [InlineData("csv")]
    [InlineData("wfdb")]
    [InlineData("fhir")]
    public async Task ExportsHaveTextsOfDevicesAndAlarmsInTheirColumnsAndNobodysIdentityAnywhere(string format)
    {
        const string Alarm = "ALARMCANARY";
        const string Device = "DEVICECANARY";
        const string Model = "MODELCANARY";
        await PlantAsync();
        var now = UtcInstant.FromDateTime(_box.Time.GetUtcNow());
        var identity = new DeviceIdentity { Manufacturer = "M", Model = Model, SerialNumber = "S", Firmware = "F", Protocol = "P" };
        Signal rate = _box.Store.Register(Device, new Metric { SignalId = "pulse", Kind = SignalKind.Numeric, Unit = "/min", Label = "P" });
        await _box.Store.AppendAsync(new DeviceBlock { Signal = SignalNumber.None, Start = now, Device = Device, State = DeviceState.Receiving, Identity = identity }, CancellationToken.None);
        await _box.Store.AppendAsync(new AlertBlock { Signal = SignalNumber.None, Start = now, Device = Device, Alert = new Alert { Key = "k", Phase = AlertPhase.Start, Priority = AlertPriority.High, Text = Alarm } }, CancellationToken.None);
        await _box.Store.AppendAsync(new NumericBlock { Signal = rate.Number, Start = now, ClockEpoch = 1, Readings = [new NumericReading(now, new Fixed(80, 0), Validity.Valid, DeviceNanoseconds: null), new NumericReading(now.Add(1_000_000_000), new Fixed(80, 0), Validity.Valid, DeviceNanoseconds: null)] }, CancellationToken.None);
        await _box.Store.SyncAsync(CancellationToken.None);
        await _box.StopAsync();
        string output = Path.Combine(_box.Folder.Path, "out");
        Assert.Equal(0, await new System.CommandLine.RootCommand { Host.Commands.ExportCommand.Create() }.Parse(["export", "--data", _box.Folder.Path, "--format", format, "--out", output]).InvokeAsync());

        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories))
        {
            byte[] bytes = Read(file);
            Assert.All(Canaries(), canary => Assert.True(bytes.AsSpan().IndexOf(canary) < 0, $"{file} has {Encoding.Latin1.GetString(canary)}"));
            string[] lines = Encoding.UTF8.GetString(bytes).Split('\n');
            string[] columns = lines[0].Split(',');
            foreach (string canary in (string[])[Alarm, Device, Model])
            {
                found.UnionWith(lines.SelectMany(line => line.Split(',').Index()).Where(cell => cell.Item.Contains(canary, StringComparison.Ordinal)).Select(cell => $"{Path.GetFileName(file)} {columns[cell.Index]} {canary}"));
            }
        }

        string[] documented =
        [
            $"alerts.csv device {Device}", $"alerts.csv text {Alarm}", $"devices.csv device {Device}", $"devices.csv model {Model}", $"signals.csv device {Device}",
        ];
        Assert.Equal(format == "fhir" ? [] : documented, found.Where(one => !one.StartsWith("gaps.csv device", StringComparison.Ordinal)));
    }

    /// <summary>Admissions that are taken, that wait, that are refused and that are nonsense; in UTF-8 and in Windows-1252; PID of devices; demographics.</summary>
    private async Task PlantAsync()
    {
        string admitted = Adt.Of("A01", "1", Adt.Here, 1).Replace("1^^^H^MR", $"{Number}^^^H^MR", StringComparison.Ordinal).Replace("TEST-1^ADA", $"{Name}^{Given}", StringComparison.Ordinal).Replace("V1^", "CANARYVIS1^", StringComparison.Ordinal);
        Assert.Equal("AA", (await _box.SendAsync(admitted)).Code);
        await SendAsync(Encoding.Latin1.GetBytes(admitted.Replace("|77|P|2.5", "|78|P|2.5||||||8859/1", StringComparison.Ordinal).Replace('Ž', 'Z')));
        await SendAsync(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(admitted)).ToArray());
        Assert.Equal("AA", (await _box.SendAsync(admitted.Replace("A01", "A08", StringComparison.Ordinal).Replace("KANARIENVÖGEL", "\\X4B\\ANARIENV\\XC396\\GEL", StringComparison.Ordinal))).Code);
        Assert.Equal("AR", (await _box.SendAsync(admitted[..admitted.IndexOf("PV1", StringComparison.Ordinal)])).Code);
        Assert.Equal("AA", (await _box.SendAsync(admitted.Replace("A01", "A60", StringComparison.Ordinal))).Code);
        Assert.Equal("AA", (await _box.SendAsync(Adt.Header("A40", 3) + admitted[admitted.IndexOf("PID", StringComparison.Ordinal)..admitted.IndexOf("PV1", StringComparison.Ordinal)] + Adt.Mrg("CANARYMRG1"))).Code);
        Assert.Equal("AA", (await _box.SendAsync(Adt.Of("A01", "CANARYFAR1", Adt.There, 4).Replace("TEST-CANARYFAR1", Name, StringComparison.Ordinal))).Code);
        _box.Desk.Fails = 1;
        Assert.Equal("AE", (await _box.SendAsync(admitted.Replace("A01", "A03", StringComparison.Ordinal))).Code);
        const string oru = "MSH|^~\\&|GATEWAY|WARD|||20260315103000+0000||ORU^R01^ORU_R01|77|P|2.6|||AL|NE\rPID|||CANARYORU1^^^H^MR||KANARIENVÖGEL^Žofie\rPV1||I|ICU^^5^H|||||||||||||||||CANARYVIS1\r"
            + "OBR|1|a|b|182777000^monitoring of patient^SCT|||20260315103000+0000\rOBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842|80|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R\r";
        Assert.Equal("CA", (await _box.SendAsync(oru)).Code);
        await _box.NameOnMonitorAsync(("id", "CANARYMON1"), ("family-name", Name), ("given-name", Given), ("notes-1", Number));
        await _box.NameOnMonitorAsync(("family-name", Name), ("notes-1", Number));
        await _box.Admissions.ElapseAsync(CancellationToken.None);
        Assert.Contains(_box.Desk.Said, said => said.Kind == StayEventKind.MonitorPatient);
    }

    private async Task SendAsync(byte[] message)
    {
        var conversation = new Bedside.Ingest.Hl7.MllpConversation(_box.Hl7, new Bedside.Ingest.Hl7.Acknowledgement(_box.Time), new Bedside.Ingest.Hl7.MllpOptions());
        Assert.NotEmpty((await conversation.TakeAsync(Bedside.Ingest.Hl7.Mllp.Frame(message), default, CancellationToken.None))!);
    }

    /// <summary>What the screen can ask for.</summary>
    private async Task<List<(string Where, byte[] Bytes)>> AnswersAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(_box.Store);
        builder.Services.AddBedsideViewer(new ViewerOptions { Box = "box", Ward = () => new WardSettings { Bed = "5" } });
        await using WebApplication app = builder.Build();
        app.MapBedside();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        string document = await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        var answers = new List<(string, byte[])>();
        using var paths = System.Text.Json.JsonDocument.Parse(document);
        foreach (string path in paths.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)).Select(path => path.Name).Append("/api/v1/annotations?from=2026-03-15T00:00:00Z&to=2026-03-16T00:00:00Z").Append("/api/v1/events?from=2026-03-15T00:00:00Z&to=2026-03-16T00:00:00Z"))
        {
            string asked = path.Replace("{number}", "1", StringComparison.Ordinal).Replace("{id}", "hr", StringComparison.Ordinal);
            using HttpResponseMessage answer = await http.GetAsync(new Uri(asked, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            answers.Add((asked, answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync() : Encoding.UTF8.GetBytes(answer.ReasonPhrase ?? string.Empty)));
        }

        await app.StopAsync();
        Assert.True(answers.Count > 3);
        return answers;
    }

    private static IEnumerable<byte[]> Canaries()
    {
        foreach (string text in Numbers.Concat([Name, Given, "KANARIENV", "TEST-CANARY", "19500203", "1950-02-03"]))
        {
            yield return Encoding.UTF8.GetBytes(text);
            yield return Encoding.Latin1.GetBytes(text.Replace('Ž', 'Z'));
            yield return Encoding.Unicode.GetBytes(text);
            yield return Encoding.BigEndianUnicode.GetBytes(text);
            if (text.Length > 6)
            {
                yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text))[..(text.Length / 3 * 4)]);
            }

            yield return Encoding.ASCII.GetBytes(Convert.ToHexString(Encoding.UTF8.GetBytes(text)));
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
