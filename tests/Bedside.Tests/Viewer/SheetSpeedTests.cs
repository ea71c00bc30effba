using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bedside.Model;
using Xunit.Abstractions;

namespace Bedside.Tests.Viewer;

/// <summary>How long a day of forty signals takes: <c>BEDSIDE_SHEET_ROWS=40 ./bedside test SheetSpeed</c>; three of them in the gate.</summary>
public class SheetSpeedTests(ITestOutputHelper output)
{
    private const int FewRows = 3;
    private const int SecondsOfDay = 86_400;
    private const int SecondsOfBlock = 120;

    [Fact]
    public async Task A_day_of_readings_each_second_is_answered_and_answered_the_same_from_what_is_kept()
    {
        int rows = int.TryParse(Environment.GetEnvironmentVariable("BEDSIDE_SHEET_ROWS"), CultureInfo.InvariantCulture, out int asked) ? asked : FewRows;
        await using ViewerHost host = await ViewerHost.StartAsync(before: async (store, clock) =>
        {
            UtcInstant from = UtcInstant.FromDateTime(clock.GetUtcNow()).Add(TimeSpan.FromHours(-30));
            for (int row = 0; row < rows; row++)
            {
                Signal signal = store.Register(Blocks.Monitor, new Metric { SignalId = $"raw/test/{row}/value", Kind = SignalKind.Numeric, Unit = "1", ExpectedEvery = TimeSpan.FromSeconds(1) });
                for (int second = 0; second < SecondsOfDay; second += SecondsOfBlock)
                {
                    ImmutableArray<NumericReading> readings =
                    [
                        .. Enumerable.Range(second, SecondsOfBlock).Select(at => new NumericReading(from.Add(TimeSpan.FromSeconds(at)), new Fixed(700 + (at * 7 % 211) + row, -1), Validity.Valid, at * 1_000_000_000L)),
                    ];
                    await store.AppendAsync(new NumericBlock { Signal = signal.Number, Start = readings[0].Time, ClockEpoch = 1, Readings = readings }, CancellationToken.None);
                }
            }

            await store.SyncAsync(CancellationToken.None);
        });

        (TimeSpan first, TimeSpan firstWork, string digest) = await AskAsync(host);
        (TimeSpan second, TimeSpan secondWork, string again) = await AskAsync(host);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows} rows of a day: first {first.TotalMilliseconds:F0} ms ({firstWork.TotalMilliseconds:F0} ms of processor), again {second.TotalMilliseconds:F0} ms ({secondWork.TotalMilliseconds:F0} ms)"));
        Assert.Equal(digest, again);
    }

    /// <summary>Time until the answer, work of the whole process meanwhile, and what was answered.</summary>
    private static async Task<(TimeSpan Time, TimeSpan Work, string Digest)> AskAsync(ViewerHost host)
    {
        long begun = TimeProvider.System.GetTimestamp();
        TimeSpan work = Environment.CpuUsage.TotalTime;
        JsonElement sheet = await host.GetAsync("/api/v1/sheet?day=2026-11-20");
        Assert.NotEmpty(sheet.GetProperty("rows").EnumerateArray());
        return (TimeProvider.System.GetElapsedTime(begun), Environment.CpuUsage.TotalTime - work, sheet.GetProperty("digest").GetString()!);
    }
}
