using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Storage;

public sealed class SignalTableTests
{
    private static readonly Metric Rate = new() { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min" };

    [Fact]
    public void TheFirstTakesTheIdAndLaterOnesSayWhoseTheyAre()
    {
        var table = new SignalTable();
        string[] ids =
        [
            Register(table, "a", Rate).Id,
            Register(table, "b", Rate).Id,
            Register(table, "b", Rate with { Channel = "2.1" }).Id,
            Register(table, "b", Rate with { Channel = "2.1", Unit = "1/s" }).Id,
            Register(table, "b", Rate with { Channel = "2.1", Unit = "1/s", Kind = SignalKind.Setting }).Id,
            Register(table, "b", Rate with { Unit = "1/s" }).Id,
        ];
        Assert.Equal(["hr", "hr@b", "hr@b/2.1", "hr@b/2.1#1/s", "hr@b/2.1#1/s#setting", "hr@b#1/s"], ids);
        Assert.Equal([1u, 2, 3, 4, 5, 6], table.Signals.Select(signal => signal.Number.Value));
    }

    [Fact]
    public void TheSameMetricIsTheSameSignalAndAChangedLabelIsANewDescription()
    {
        var table = new SignalTable();
        Signal first = Register(table, "a", Rate);
        _ = table.TakeUnwritten();
        Assert.Same(first, Register(table, "a", Rate with { }));
        Assert.Empty(table.TakeUnwritten());
        Signal labelled = Register(table, "a", Rate with { Label = "FC", DisplayMax = 200 });
        Assert.Equal((first.Number, first.Id, "FC"), (labelled.Number, labelled.Id, labelled.Metric.Label));
        Assert.Equal(labelled, Assert.Single(table.TakeUnwritten()).Description);
        Assert.Equal(labelled, table.Find("hr"));
        Assert.Equal(labelled, table.Find("1"));
        Assert.Null(table.Find("2"));
        Assert.Null(table.Find("spo2"));
    }

    [Fact]
    public async Task NumbersAndIdsSurviveRestarts_AlsoWithoutAnyData()
    {
        using var folder = new TemporaryFolder();
        var options = new StoreOptions { JournalBytes = 20 << 10 };
        Signal first;
        Signal second;
        await using (var store = Store.Open(folder.Path, options, TimeProvider.System))
        {
            first = store.Register("a", Rate);
            second = store.Register("b", Rate);
        }

        for (int run = 0; run < 3; run++)
        {
            await using var store = Store.Open(folder.Path, options, TimeProvider.System);
            Assert.Equal([first, second], store.Signals);
            Assert.Equal(second.Number, store.Register("b", Rate with { Label = $"run {run}" }).Number);
            second = store.Signals[1];
        }

        await using var last = Store.Open(folder.Path, options, TimeProvider.System);
        Assert.Equal("run 2", last.Find("hr@b")?.Metric.Label);
        Assert.Equal(3u, last.Register("c", Rate).Number.Value);
    }

    [Fact]
    public async Task ManyPortsMayRegisterAtOnce()
    {
        var table = new SignalTable();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(port => Task.Run(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                _ = Register(table, $"port{port}", Rate with { SignalId = $"s{i % 50}" });
            }
        })));
        Assert.Equal(400, table.Signals.Length);
        Assert.Equal(400, table.Signals.Select(signal => signal.Id).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (uint)i), table.Signals.Select(signal => signal.Number.Value));
    }

    private static Signal Register(SignalTable table, string device, Metric metric) => table.Register(device, metric, Bed.Start).Signal;
}
