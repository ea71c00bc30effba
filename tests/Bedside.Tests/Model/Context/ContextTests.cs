using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Tests.Model.Context;

/// <summary>The catalogue of marks, what shares a sensor, and what holds when.</summary>
public class ContextTests
{
    private const long Minute = 60_000_000_000;

    [Fact]
    public void Every_kind_and_value_has_a_name_in_both_languages_and_a_code_of_its_own()
    {
        Assert.All(ContextCatalog.Shipped.Kinds, kind =>
        {
            Assert.True(kind.French.Length > 0 && kind.English.Length > 0, kind.Code);
            Assert.NotEmpty(kind.Families);
            Assert.Same(kind, ContextCatalog.Shipped.Find(kind.Code));
            Assert.All(kind.Attributes, attribute =>
            {
                Assert.Equal(attribute.Values.Length, attribute.Values.Select(value => value.Code).Distinct().Count());
                Assert.All(attribute.Values, value => Assert.True(value.French.Length > 0 && value.English.Length > 0, $"{kind.Code} {value.Code}"));
            });
        });
        string[] issue = ["transducer-zeroed", "transducer-levelled", "probe-site", "probe-size", "cuff-site", "cuff-size", "sampling-site", "position", "suction", "ventilation-change", "artefact"];
        Assert.All(issue, code => Assert.True(ContextCatalog.Shipped.Find(code)?.IsOffered, code));
        string[] values = [.. ContextCatalog.Shipped.Find("position")!.Attribute("position")!.Values.Select(value => value.Code)];
        Assert.Contains("prone", values);
        Assert.Contains("head-up-30", values);
    }

    [Theory]
    [InlineData("a|event||bed|offered|A", "")]
    [InlineData("a|event||bed|offered|A|A\na|event||bed|offered|A|A", "")]
    [InlineData("A|event||bed|offered|A|A", "")]
    [InlineData("a|event||bed|offered|A|A", "b|x|optional|X|X|v:v:v")]
    [InlineData("a|event||bed|offered|A|A", "a|x|optional|X|X|v:v")]
    public void A_table_that_does_not_fit_is_refused(string kinds, string attributes) => Assert.Throws<FormatException>(() => ContextCatalog.Parse(kinds, attributes));

    [Theory]
    [InlineData("probe-site", "site=finger-left", null)]
    [InlineData("probe-site", "", "'attributes.site' must say which")]
    [InlineData("probe-site", "site=moon", "'attributes.site' of probe-site must be one of finger-left")]
    [InlineData("probe-site", "site=ear;colour=red", "'attributes.colour' is nothing that probe-site says; it says site.")]
    [InlineData("suction", "", null)]
    [InlineData("note", "site=ear", "it says nothing.")]
    public void What_a_kind_does_not_say_is_named(string kind, string attributes, string? fault)
    {
        Assert.True(CodedAttributes.TryParse(attributes, out CodedAttributes? read));
        string? found = ContextCatalog.Shipped.Find(kind)!.Fault(read);
        Assert.Equal(fault is null, found is null);
        Assert.Contains(fault ?? string.Empty, found ?? string.Empty, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_of_one_sensor_are_known_and_those_of_another_or_of_another_device_are_not()
    {
        Signal[] all = [.. new[] { "abp", "abp-sys", "abp-mean", "art", "art-mean", "cvp-mean", "spo2", "pleth", "pr-spo2", "spo2-left", "hr", "ecg-ii", "nibp-sys", "nibp-mean", "etco2", "co2", "temp" }
            .Select((id, i) => Of(id, (uint)i + 1, "monitor")), Of("abp-sys", 50, "other"), Of("spo2", 51, "other")];

        string[] With(string id) => [.. Measured.Together(all.First(one => one.Id == id), all).Select(one => one.Id + (one.Device == "other" ? "!" : string.Empty)).Order(StringComparer.Ordinal)];
        Assert.Equal(["abp", "abp-mean", "abp-sys"], With("abp-sys"));
        Assert.Equal(["art", "art-mean"], With("art"));
        Assert.Equal(["cvp-mean"], With("cvp-mean"));
        Assert.Equal(["pleth", "pr-spo2", "spo2"], With("pleth"));
        Assert.Equal(["spo2-left"], With("spo2-left"));
        Assert.Equal(["ecg-ii", "hr"], With("hr"));
        Assert.Equal(["nibp-mean", "nibp-sys"], With("nibp-sys"));
        Assert.Equal(["co2", "etco2"], With("co2"));
        Assert.Equal(["temp"], With("temp"));
    }

    [Fact]
    public void Generic_pressures_of_two_channels_are_two_lines()
    {
        Signal[] all = [.. new[] { ("ibp-generic", "P1"), ("ibp-sys", "P1"), ("ibp-sys", "P2") }
            .Select((one, i) => new Signal(new SignalNumber((uint)i + 1), one.Item1 + one.Item2, "ivy", new Metric { SignalId = one.Item1, Kind = SignalKind.Numeric, Unit = "mm[Hg]", Channel = one.Item2 }))];
        Assert.Equal(2, Measured.Together(all[0], all).Count());
    }

    [Fact]
    public void A_state_holds_until_the_next_of_its_series_on_the_same_sensor_and_a_range_until_its_end_is_told()
    {
        Dictionary<SignalNumber, Signal> signals = new[] { Of("spo2", 1, "m"), Of("pleth", 2, "m"), Of("abp", 3, "m") }.ToDictionary(signal => signal.Number);
        AnnotationBlock[] marks =
        [
            Mark("a", "position", 0, attributes: "position=supine"),
            Mark("b", "probe-site", 1, 1, attributes: "site=ear"),
            Mark("c", "prone", 2),
            Mark("d", "probe-site", 3, 2, attributes: "site=toe"),
            Mark("e", "suction", 4),
            Mark("f", "suction", 5) with { Until = At(6) },
            Mark("g", "blood-sample", 7),
            Mark("h", "position", 8, attributes: "position=left"),
            Mark("h", "position", 8, attributes: "position=left") with { Version = 2, Withdrawn = true },
            Mark("i", "catheter-site", 9, 3, attributes: "site=radial-left"),
        ];

        // The order in which versions are read does not matter.
        AnnotationBlock[] mixed = [.. marks.Reverse()];
        Assert.All([marks, mixed], some => Assert.Equal(
            ["a>2", "b>3", "c>", "d>", "e>", "f>6", "g>7", "i>"],
            ContextTimeline.Of(some, signals).Select(one => $"{one.Mark.Key}>{(one.HeldUntil is { } until ? $"{until.UnixNanoseconds / Minute}" : "")}")));
        Assert.Equal(["c", "d", "e", "i"], ContextTimeline.Of(marks, signals).Where(one => one.Touches(At(20), At(30))).Select(one => one.Mark.Key));

        // A range that nobody ended says nothing of the next day; a state does.
        Assert.Equal(["c", "d", "i"], ContextTimeline.Of(marks, signals).Where(one => one.Touches(At(1440), At(1500))).Select(one => one.Mark.Key));
    }

    private static UtcInstant At(long minute) => new(minute * Minute);

    private static Signal Of(string id, uint number, string device) => new(new SignalNumber(number), id, device, new Metric { SignalId = id, Kind = SignalKind.Numeric, Unit = "1" });

    private static AnnotationBlock Mark(string key, string kind, long minute, uint signal = 0, string attributes = "") => new()
    {
        Signal = new SignalNumber(signal),
        Start = At(minute),
        Key = key,
        Kind = kind,
        Source = "bed",
        Attributes = CodedAttributes.TryParse(attributes, out CodedAttributes? read) ? read : CodedAttributes.None,
    };
}
