using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>A recording that the simulated monitor plays is on the screen true to scale, two touches from the trend of a day.</summary>
[Collection(Alone.Name)]
public class WfdbOnScreenTests
{
    /// <summary>CSS pixels of a millimetre.</summary>
    private const double PxPerMm = 96 / 25.4;
    private const double MmPerSecond = 25;
    private const double MmPerMillivolt = 10;

    /// <summary>Columns that are compared at a time: two and a half seconds.</summary>
    private const int WindowColumns = LeastColumns / 2;

    /// <summary>Samples by which a window that is bent may begin elsewhere.</summary>
    private const int BentSamples = 4;

    private static readonly double[] Bends = [.. Enumerable.Range(-4, 9).Select(step => step * MostBent / 4)];

    /// <summary>Share by which the time that is drawn may differ from the record's.</summary>
    private const double MostBent = 0.002;

    /// <summary>Columns that are compared at least: five seconds.</summary>
    private const int LeastColumns = 470;

    [Fact]
    public async Task A_recording_is_two_touches_from_the_trend_of_a_day_and_drawn_in_millivolts_and_millimetres_a_second()
    {
        using var folder = new Folder();
        WfdbRecord.Channel record = RecordOf(folder, out string path);
        await using Running monitor = Installed.Simulator("philips-intellivue", "--udp", "127.0.0.1:0", "--wfdb", path, "--accept-delay", "0.05");
        string address = (await monitor.LineAsync("ready ")).Replace("udp ", string.Empty, StringComparison.Ordinal);
        await using Box box = await Box.StartAsync(folder["data"], "--udp", address);

        // The first half minute is passed over: the monitor's clock is being measured, and on a busy machine unevenly.
        await Until.TrueAsync(async () => await SecondsAsync(box) > 46, 120, () => $"too few data: {box.Process.Errors}");
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync($"{box.Address}#/trends?h=24&s=ecg-ii");
        await Until.TrueAsync(async () => await page.EvaluateAsync<int>(LastColumn) > 0, 30, () => "the trend of the day shows nothing");
        await browser.ShootAsync(page, "wfdb-trend-24h");

        // All there is of the day is in its newest column or two. One touch puts the cursor there, the second opens its waves.
        LocatorBoundingBoxResult? plot = await page.Locator("[data-trend-plot]").BoundingBoxAsync();
        Assert.NotNull(plot);
        await page.Mouse.ClickAsync(plot.X + await page.EvaluateAsync<int>(LastColumn) + 0.5f, plot.Y + (plot.Height / 2));
        await page.Locator("[data-waves-here=found]").ClickAsync();

        double[][] drawn = [];
        await Until.TrueAsync(
            async () => (drawn = JsonSerializer.Deserialize<double[][]>(await page.EvaluateAsync<string>(Trace))!).Length >= LeastColumns,
            40,
            () => $"only {drawn.Length} columns are drawn");
        (double correlation, double scale, double pace) = Match(record, drawn);
        await browser.ShootAsync(page, "wfdb-waves");
        Assert.True(correlation > 0.995, string.Create(CultureInfo.InvariantCulture, $"what is drawn is not the record: r = {correlation:F4} over {drawn.Length} columns"));
        Assert.InRange(scale, 0.98, 1.02);
        Assert.InRange(pace, 0.99, 1.01);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"r = {correlation:F4} over {drawn.Length} columns, {scale:F3} of its millivolts, {pace:F4} of its millimetres a second"));
        Assert.Empty(browser.Complaints);
    }

    /// <summary>A real ECG where there is one, else beats of random size at random times.</summary>
    private static WfdbRecord.Channel RecordOf(Folder folder, out string path)
    {
        if (Installed.Shared("data/waveforms/ivue_rec1_ECGII.hea") is { } header)
        {
            path = header[..^4];
            return WfdbRecord.Read(header).Channels[0];
        }

        const int Hertz = 500;
        var random = new Random(11);
        int[] samples = new int[Hertz * 90];
        for (int at = 100; at < samples.Length - Hertz; at += random.Next(Hertz / 2, Hertz))
        {
            int height = random.Next(120, 280);
            for (int i = -40; i <= 40; i++)
            {
                samples[at + i] += (int)(height * Math.Exp(-i * i / 60.0));
            }
        }

        path = folder["made"];
        var made = new WfdbRecord([new WfdbRecord.Channel("II", Hertz, 200, 0, "mV", samples)]);
        made.Write(path, Hertz);
        return made.Channels[0];
    }

    /// <summary>
    /// Of windows of two and a half seconds: how well the worst fits the record, how many millivolts of the record one drawn millivolt is, and at how many times the record's speed the
    /// whole is drawn. The drawing is read in millimetres alone: nothing that the page says of its scale is used. A column of the record has the extremes of its samples; its middle is compared.
    /// The first window is looked for in the whole record, each other one where the one before it ends: while the box still measures the monitor's clock, time may be bent by 2 ms a
    /// second (ARCHITECTURE, « Time »), so much and a column more is tried.
    /// </summary>
    private static (double Correlation, double Scale, double Pace) Match(WfdbRecord.Channel record, double[][] drawn)
    {
        double samplesOfColumn = record.Hertz / (MmPerSecond * PxPerMm);
        double[] seen = [.. drawn.Select(column => -(column[0] + column[1]) / 2 / (MmPerMillivolt * PxPerMm))];
        int most = Math.Min(record.Samples.Length, (int)(record.Hertz * 180)) - (int)(WindowColumns * samplesOfColumn * (1 + MostBent)) - BentSamples - 2;
        var windows = new List<(double Correlation, double Scale, int Start)>();
        foreach (double[] window in seen.Chunk(WindowColumns).Where(window => window.Length == WindowColumns))
        {
            int expected = windows.Count == 0 ? most / 2 : windows[^1].Start + (int)(WindowColumns * samplesOfColumn);
            int reach = windows.Count == 0 ? most / 2 : (int)((WindowColumns * samplesOfColumn * MostBent) + samplesOfColumn) + 1;
            (int from, int to) = (Math.Max(0, expected - reach), Math.Min(most, expected + reach + 1));
            (double Correlation, double Scale, int Start) rigid = Enumerable.Range(from, to - from).Select(start => Fit(record, window, start, samplesOfColumn)).MaxBy(fit => fit.Correlation);
            windows.Add(Bends.SelectMany(bent => Enumerable.Range(Math.Max(from, rigid.Start - BentSamples), (2 * BentSamples) + 1).Select(start => Fit(record, window, start, samplesOfColumn * (1 + bent)))).Append(rigid).MaxBy(fit => fit.Correlation));
        }

        double pace = (windows[^1].Start - windows[0].Start) / ((windows.Count - 1) * WindowColumns * samplesOfColumn);
        return (windows.Min(one => one.Correlation), windows.Average(one => one.Scale), pace);
    }

    private static (double Correlation, double Scale, int Start) Fit(WfdbRecord.Channel record, double[] seen, int start, double samplesOfColumn)
    {
        double[] wanted = new double[seen.Length];
        for (int x = 0; x < wanted.Length; x++)
        {
            (int from, int to) = (start + (int)(x * samplesOfColumn), start + (int)((x + 1) * samplesOfColumn));
            (int low, int high) = (int.MaxValue, int.MinValue);
            for (int i = from; i <= to; i++)
            {
                (low, high) = (Math.Min(low, record.Samples[i]), Math.Max(high, record.Samples[i]));
            }

            wanted[x] = (low + high) / 2.0 / record.Gain;
        }

        (double correlation, double slope) = Regress(wanted, seen);
        return (correlation, slope, start);
    }

    private static (double Correlation, double Slope) Regress(double[] x, double[] y)
    {
        (double meanX, double meanY) = (x.Average(), y.Average());
        (double xx, double yy, double xy) = (0, 0, 0);
        for (int i = 0; i < x.Length; i++)
        {
            (double dx, double dy) = (x[i] - meanX, y[i] - meanY);
            (xx, yy, xy) = (xx + (dx * dx), yy + (dy * dy), xy + (dx * dy));
        }

        return xx == 0 || yy == 0 ? (-1, 0) : (xy / Math.Sqrt(xx * yy), xy / xx);
    }

    private static async Task<double> SecondsAsync(Box box)
    {
        bool known = (await box.GetAsync("/api/v1/signals")).EnumerateArray().Any(one => one.GetProperty("id").GetString() == "ecg-ii");
        return !known ? 0 : (await box.GetAsync("/api/v1/signals/ecg-ii/samples")).GetProperty("segments").EnumerateArray().Sum(segment => segment.GetProperty("raw").GetArrayLength()) / 500.0;
    }

    /// <summary>The newest column of the trend with ink, CSS px; 0 = none.</summary>
    private const string LastColumn =
        """
        () => {
          const canvas = document.querySelector("[data-lane-trend='ecg-ii']");
          if (!canvas || canvas.width === 0 || canvas.height === 0) return 0;
          const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          for (let x = width - 1; x > 0; x--) for (let y = 0; y < height; y++) if (Math.max(...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)) > 100) return x;
          return 0;
        }
        """;

    /// <summary>Top and bottom of the trace in the longest run of columns that have one, without the marks of breaks at the top edge and without what is cut off at an edge.</summary>
    private const string Trace =
        """
        () => {
          const canvas = document.querySelector("[data-trace='ecg-ii']");
          if (!canvas || canvas.width === 0 || canvas.height === 0) return '[]';
          const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let [best, run] = [[], []];
          for (let x = 0; x < width; x++) {
            let [top, bottom] = [-1, -1];
            for (let y = 0; y < height; y++) if (data[(y * width + x) * 4 + 3] > 127) { if (top < 0) top = y; bottom = y; }
            if (top > 8 && bottom < height - 2) run.push([top, bottom]);
            else run = [];
            if (run.length > best.length) best = run;
          }
          return JSON.stringify(best);
        }
        """;
}
