using System.CommandLine;
using System.Globalization;
using Bedside.Host.Commands;
using Bedside.Model.Research;
using Bedside.Simulators.Ward;

namespace Bedside.Tests.Research;

/// <summary>
/// A ward of sixty stays in five boxes, as its admissions and gateways said it in HL7 with a mark in every field that could name a person, a place or a device; a study of it from the draft to
/// the fetched package, and that package opened.
/// </summary>
public sealed class SixtyStays : IAsyncLifetime
{
    public const string Mark = "Zq9KANARI";
    public const string Study = "ST-2026-001";
    public const int Stays = 60;
    private const int Boxes = 5;

    private StudyWard? _ward;

    internal StudyWard Ward => _ward ?? throw new InvalidOperationException("the ward is not there yet");

    public string Name => $"{Study}_v1";

    /// <summary>Folder of the opened package.</summary>
    public string Opened => Ward.File($"open/{Name}");

    /// <summary>The encrypted file as it was fetched.</summary>
    public string Fetched => Ward.File($"{Name}.tar.age");

    /// <summary>Who lay there when, as the simulator has it; nobody else knows.</summary>
    internal IReadOnlyList<WardStay> Truth { get; private set; } = [];

    /// <summary>SHA-256 of the key that signed it, as the public log has it.</summary>
    internal string Digest { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        _ward = await StudyWard.StartAsync(AdmitAsync);
        StudyWard ward = _ward;
        StudyRequest request = ward.Request() with
        {
            Signals =
            [
                new AskedSignal("hr", "The question itself."), new AskedSignal("spo2", "The question itself."), new AskedSignal("abp-mean", "To tell shock."),
                new AskedSignal("ecg-ii", "Single beats.", IdentifyingReason: "Arrhythmias are told by their shape."), new AskedSignal("pleth", "Its foot.", IdentifyingReason: "The delay behind the beat."),
            ],
            Window = new StudyWindow(0, ToHour: null),
        };
        await File.WriteAllTextAsync(ward.File("request.json"), RequestText.Write(request));
        await ward.SayAsync("draft", ward.File("request.json"), "--as", "R1");
        await ward.SayAsync("submit", Study, "--as", "R1");
        await ward.SayAsync("approve", Study, "--as", "S1");
        await ward.SayAsync("approve", Study, "--as", "O1");
        ward.Clock.Pass(TimeSpan.FromDays(15));
        string built = await ward.SayAsync("build", [Study, "--as", "S1", .. Enumerable.Range(2, Boxes - 1).SelectMany(box => new[] { "--also", DataOf(ward, box) })]);
        Digest = built.Split('\n').First(line => line.StartsWith("signer", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        await ward.SayAsync("release", Study, "--as", "A1");
        await ward.SayAsync("fetch", Study, "--as", "R2", "--out", Fetched);
        await ward.SayAsync("open", Fetched, "--identity", ward.File("secret"), "--out", ward.File("open"));
    }

    public async Task DisposeAsync()
    {
        if (_ward is not null)
        {
            await _ward.DisposeAsync();
        }
    }

    private static string DataOf(StudyWard ward, int box) => box == 1 ? ward.Data : ward.File($"data-{box}");

    private async Task AdmitAsync(StudyWard ward)
    {
        string[] words = ["--out", ward.File("ward"), "--boxes", $"{Boxes}", "--stays", $"{Stays}", "--mark", Mark, "--every", "7200", "--waves", "3", "--from", "2026-01-05", "--seed", "8"];
        Assert.Equal(0, WardFolder.Run(words, TextWriter.Null));
        Truth = WardStory.Of(WardOptions.Parse(words));
        for (int box = 1; box <= Boxes; box++)
        {
            string number = box.ToString("D2", CultureInfo.InvariantCulture);
            Directory.CreateDirectory(DataOf(ward, box));
            int code = await new RootCommand { ImportCommand.Create() }
                .Parse(["import", "hl7", ward.File($"ward/box-{number}"), "--data", DataOf(ward, box), "--hl7-bed", $"SIM^^{number}"])
                .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            Assert.Equal(0, code);
        }
    }
}
