using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Stays;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Tests.Viewer.Fhir;

/// <summary>What becomes of values, marks and patients.</summary>
public class FhirMappingTests
{
    [Theory]
    [InlineData(Validity.Valid, "", "", "", "preliminary")]
    [InlineData(Validity.Invalid, "UNRELIABLE", "error", "", "preliminary")]
    [InlineData(Validity.Questionable, "UNCERTREL", "", "questionable", "preliminary")]
    [InlineData(Validity.NotAvailable, "", "temp-unknown", "", "preliminary")]
    [InlineData(Validity.CalibrationOngoing, "UNCERTREL", "", "calibration-ongoing", "preliminary")]
    [InlineData(Validity.ValidatedData, "HRELIABLE", "", "validated-data", "final")]
    [InlineData(Validity.EarlyIndication, "", "", "early-indication", "preliminary")]
    [InlineData(Validity.MeasurementOngoing, "", "", "msmt-ongoing", "preliminary")]
    [InlineData(Validity.InAlarm, "", "", "in-alarm", "preliminary")]
    [InlineData(Validity.AlarmInhibited, "", "", "alarm-inhibited", "preliminary")]
    [InlineData(Validity.Invalid | Validity.InAlarm, "UNRELIABLE", "error", "in-alarm", "preliminary")]
    [InlineData(Validity.Replayed, "", "", "", "preliminary")]
    public async Task Marks_become_labels_reasons_and_interpretations(Validity validity, string security, string absent, string interpretation, string status)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal heart = Blocks.HeartRate(host.Store);
        await host.Store.StoreAsync(Blocks.Reading(heart, host.Now.Add(TimeSpan.FromMinutes(-1)), 720, -1, validity));

        JsonElement one = FhirClient.Matches(await host.FhirAsync("Observation?code=8867-4")).Single();

        Assert.Equal(status, one.GetProperty("status").GetString());
        Assert.Equal(security, one.GetProperty("meta").TryGetProperty("security", out JsonElement labels) ? labels[0].GetProperty("code").GetString() : string.Empty);
        Assert.Equal(absent, one.TryGetProperty("dataAbsentReason", out JsonElement reason) ? reason.GetProperty("coding")[0].GetProperty("code").GetString() : string.Empty);
        Assert.Equal(interpretation, one.TryGetProperty("interpretation", out JsonElement said) ? said[0].GetProperty("coding")[0].GetProperty("code").GetString() : string.Empty);
        Assert.Equal(absent.Length == 0 ? "72.0" : null, one.TryGetProperty("valueQuantity", out JsonElement value) ? value.GetProperty("value").GetRawText() : null);
    }

    [Theory]
    [InlineData(Validity.DemoData)]
    [InlineData(Validity.TestData)]
    public async Task Made_up_data_are_served_only_where_everything_is_made_up_and_say_so(Validity validity)
    {
        foreach (bool demo in new[] { false, true })
        {
            await using ViewerHost host = await ViewerHost.StartAsync(options => options.Demo = demo);
            await host.Store.StoreAsync(Blocks.Reading(Blocks.HeartRate(host.Store), host.Now.Add(TimeSpan.FromMinutes(-1)), 72, 0, validity));
            List<JsonElement> all = FhirClient.Matches(await host.FhirAsync("Observation?code=8867-4"));

            Assert.Equal(demo ? 1 : 0, all.Count);
            Assert.All(all, one => Assert.Equal("HTEST", one.GetProperty("meta").GetProperty("security")[0].GetProperty("code").GetString()));
        }
    }

    [Fact]
    public async Task Nothing_of_a_device_that_could_tell_whose_it_is_is_in_any_answer()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        UtcInstant time = host.Now.Add(TimeSpan.FromMinutes(-1));
        Signal mode = Blocks.Mode(host.Store);
        Signal state = host.Store.Register(Blocks.Monitor, new Metric { SignalId = "set-vent-mode", Kind = SignalKind.Text, Unit = string.Empty, DeviceCode = "medibus:TXT", Label = "LABEL-OF-DEVICE" });
        await host.Store.StoreAsync(
            Blocks.Device(time, DeviceState.Receiving) with { Identity = new DeviceIdentity { Manufacturer = "MAKER-X", Model = "MODEL-X", SerialNumber = "SERIAL-X", Firmware = "FIRMWARE-X" } },
            FhirBlocks.Row(FhirBlocks.Numeric(host.Store, "spo2"), time, 3),
            new TextBlock { Signal = mode.Number, Start = time, Text = "FREE TEXT MARTIN", Code = 5 },
            new TextBlock { Signal = state.Number, Start = time, Text = "FREE TEXT MARTIN", Code = 0 },
            new TextBlock { Signal = state.Number, Start = time.Add(TimeSpan.FromSeconds(1)), Text = "FREE TEXT MARTIN", Code = 12 },
            Blocks.Alert(time, "a1", AlertPhase.Start, "ALERT-TEXT"));

        var said = new System.Text.StringBuilder();
        foreach (string path in new[] { "metadata", "Patient", "Device", "DeviceMetric", "Observation?_include=Observation:device" })
        {
            said.Append(await host.FhirAsync(path));
        }

        string all = said.ToString();
        string[] words = ["LABEL-OF-DEVICE", "MAKER", "MODEL-X", "SERIAL", "FIRMWARE-X", "MARTIN", "ALERT-TEXT", "raw/test", "\"12\"\"", Environment.MachineName + "\""];
        Assert.All(words, word => Assert.DoesNotContain(word, all, StringComparison.Ordinal));
        JsonElement coded = FhirClient.Matches(await host.FhirAsync("Observation?code=set-vent-mode")).Single();
        JsonElement coding = coded.GetProperty("valueCodeableConcept").GetProperty("coding")[0];
        Assert.Equal(("urn:x-bedside:device-state:medibus", "12"), (coding.GetProperty("system").GetString(), coding.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_heart_rate_is_the_vital_sign_and_a_pulse_beside_it_is_not()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        UtcInstant time = host.Now.Add(TimeSpan.FromMinutes(-1));
        await host.Store.StoreAsync(FhirBlocks.Row(FhirBlocks.Numeric(host.Store, "pr-spo2"), time, 1));
        IEnumerable<string?> alone = [.. Codes(await host.FhirAsync("Observation"))];
        await host.Store.StoreAsync(FhirBlocks.Row(FhirBlocks.Numeric(host.Store, "hr"), time, 1), FhirBlocks.Row(FhirBlocks.Numeric(host.Store, "pulse"), time, 1));
        JsonElement[] both = [.. FhirClient.Matches(await host.FhirAsync("Observation?code=8867-4"))];

        Assert.Equal("8867-4 8889-8 149530 pr-spo2", string.Join(' ', alone));
        Assert.Equal("147842", Assert.Single(both).GetProperty("code").GetProperty("coding")[1].GetProperty("code").GetString());
        Assert.Single(FhirClient.Matches(await host.FhirAsync("Observation?category=vital-signs")));
        Assert.Single(FhirClient.Matches(await host.FhirAsync("Observation?category=http%3A%2F%2Fterminology.hl7.org%2FCodeSystem%2Fobservation-category%7Cvital-signs&code=147842")));
    }

    [Fact]
    public async Task The_tree_leads_from_a_value_to_its_device_and_pressures_are_one_Observation()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        UtcInstant time = host.Now.Add(TimeSpan.FromMinutes(-1));
        string[] ids = ["abp-sys", "abp-dia", "abp-mean"];
        await host.Store.StoreAsync([.. ids.Select(id => FhirBlocks.Row(FhirBlocks.Numeric(host.Store, id), time, 5, id.Length))]);

        JsonElement bundle = await host.FhirAsync("Observation?combo-code=76213-8&_include=Observation:device");
        JsonElement one = FhirClient.Matches(bundle)[0];
        JsonElement metric = FhirClient.Entries(bundle).Single(entry => FhirClient.Mode(entry) == "include").GetProperty("resource");
        JsonElement channel = await host.FhirAsync(metric.GetProperty("parent").GetProperty("reference").GetString()!);
        JsonElement vmd = await host.FhirAsync(channel.GetProperty("parent").GetProperty("reference").GetString()!);
        JsonElement mds = await host.FhirAsync(vmd.GetProperty("parent").GetProperty("reference").GetString()!);

        Assert.Equal(5, FhirClient.Matches(bundle).Count);
        Assert.Equal(["150036", "abp"], Codes(bundle));
        Assert.Equal(["76215-3", "76213-8", "76214-6"], one.GetProperty("component").EnumerateArray().Select(part => part.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()));
        Assert.False(one.TryGetProperty("category", out _));
        Assert.Equal($"DeviceMetric/{FhirClient.Id(metric)}", one.GetProperty("device").GetProperty("reference").GetString());
        Assert.Equal(("266016", "red", "measurement"), (metric.GetProperty("unit").GetProperty("coding")[0].GetProperty("code").GetString(), metric.GetProperty("color").GetString(), metric.GetProperty("category").GetString()));
        Assert.Equal(("69855", "69854"), (channel.GetProperty("type").GetProperty("coding")[0].GetProperty("code").GetString(), vmd.GetProperty("type").GetProperty("coding")[0].GetProperty("code").GetString()));
        Assert.Equal($"Device/{FhirClient.Id(mds)}", metric.GetProperty("source").GetProperty("reference").GetString());
        Assert.Empty(FhirClient.Matches(await host.FhirAsync("Observation?code=76213-8")));
        Assert.Single(FhirClient.Matches(await host.FhirAsync($"DeviceMetric?source=Device/{FhirClient.Id(mds)}&type=150036")));
    }

    [Fact]
    public async Task Who_lay_in_the_bed_decides_and_a_conflict_or_an_empty_bed_is_left_out_and_counted()
    {
        var desk = new SaidDesk();
        await using ViewerHost host = await ViewerHost.StartAsync(services: services => services.AddSingleton<IStayDesk>(desk));
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-600));
        desk.Spans =
        [
            SaidDesk.Span(5, At(0), At(30), StayCertainty.Sure), SaidDesk.Span(1, At(60), At(120), StayCertainty.Sure), SaidDesk.Span(1, At(120), At(150), StayCertainty.Uncertain),
            SaidDesk.Span(2, At(150), At(200), StayCertainty.Conflict),
            SaidDesk.Span(3, At(200), At(300), StayCertainty.NoPatientYet), SaidDesk.Span(4, At(300), to: null, StayCertainty.Provisional),
        ];
        Signal ecg = Blocks.Ecg(host.Store);
        await host.Store.StoreAsync(FhirBlocks.Row(Blocks.HeartRate(host.Store), start, 500), Blocks.Wave(ecg, At(140), Blocks.Counting(0, 25 * Blocks.Rate)));

        List<JsonElement> patients = FhirClient.Matches(await host.FhirAsync("Patient"));
        JsonElement bundle = await host.FhirAsync("Observation?code=8867-4&_count=1000&_sort=date");
        List<JsonElement> all = FhirClient.Matches(bundle);
        List<JsonElement> waves = FhirClient.Matches(await host.FhirAsync("Observation?code=131330"));
        string? first = FhirClient.Id(patients.Single(one => one.GetProperty("id").GetString() == all[0].GetProperty("subject").GetProperty("reference").GetString()!.Split('/')[1]));

        Assert.Equal(4, patients.Count);
        Assert.Single(patients, one => one.GetProperty("identifier")[0].TryGetProperty("use", out JsonElement use) && use.GetString() == "temp");
        Assert.Equal(30 + 90 + 100 + 200, all.Count);
        Assert.Equal(30, (await host.FhirAsync($"Observation?code=8867-4&patient={first}&_summary=count")).GetProperty("total").GetInt32());
        JsonElement outcome = FhirClient.Entries(bundle).Single(entry => FhirClient.Mode(entry) == "outcome").GetProperty("resource");
        Assert.Equal("Left out: 1 intervals in which two sources name two patients, 1 in which nobody was known to be in the bed.", FhirClient.Issue(outcome).GetProperty("diagnostics").GetString());
        Assert.Equal(10 * Blocks.Rate, waves.Sum(wave => wave.GetProperty("valueSampledData").GetProperty("data").GetString()!.Split(' ').Length));
        string before = all[0].GetProperty("subject").GetProperty("reference").GetString()!;

        // It is found out that the first was another.
        using HttpResponseMessage read = await host.Http.GetAsync($"/fhir/Observation/{FhirClient.Id(all[0])}");
        desk.Spans = [SaidDesk.Span(9, At(0), to: null, StayCertainty.Sure)];
        using HttpResponseMessage again = await host.Http.GetAsync($"/fhir/Observation/{FhirClient.Id(all[0])}");
        Assert.NotEqual(before, (await FhirClient.ReadAsync(again)).GetProperty("subject").GetProperty("reference").GetString());
        Assert.NotEqual(read.Headers.ETag, again.Headers.ETag);
        desk.Spans = [SaidDesk.Span(9, At(-60), At(-30), StayCertainty.Sure)];
        Assert.Equal("not-found", await host.ProblemAsync($"Observation/{FhirClient.Id(all[0])}", HttpStatusCode.Gone));

        UtcInstant At(int second) => start.Add(TimeSpan.FromSeconds(second));
    }

    [Fact]
    public async Task What_was_captured_before_anybody_spoke_of_stays_is_of_a_temporary_patient()
    {
        var desk = new SaidDesk();
        await using ViewerHost host = await ViewerHost.StartAsync(services: services => services.AddSingleton<IStayDesk>(desk));
        UtcInstant start = host.Now.Add(TimeSpan.FromSeconds(-600));
        desk.Spans = [SaidDesk.Span(1, start.Add(TimeSpan.FromSeconds(60)), to: null, StayCertainty.Sure)];
        await host.Store.StoreAsync(FhirBlocks.Row(Blocks.HeartRate(host.Store), start, 100));

        JsonElement bundle = await host.FhirAsync("Observation?code=8867-4&_count=1000&_sort=date");
        List<JsonElement> patients = FhirClient.Matches(await host.FhirAsync("Patient"));

        Assert.Equal(100, FhirClient.Matches(bundle).Count);
        Assert.DoesNotContain(FhirClient.Entries(bundle), entry => FhirClient.Mode(entry) == "outcome");
        Assert.Equal([60, 40], FhirClient.Matches(bundle).GroupBy(one => one.GetProperty("subject").GetProperty("reference").GetString()).Select(group => group.Count()));
        Assert.Equal(2, patients.Count);
        Assert.Single(patients, one => one.GetProperty("identifier")[0].TryGetProperty("use", out JsonElement use) && use.GetString() == "temp");
    }

    private static IEnumerable<string?> Codes(JsonElement bundle) =>
        FhirClient.Matches(bundle)[0].GetProperty("code").GetProperty("coding").EnumerateArray().Select(coding => coding.GetProperty("code").GetString());
}
