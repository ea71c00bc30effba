namespace Bedside.EndToEnd.Staleness;

/// <summary>What is cut off.</summary>
internal enum CutLevel
{
    Link,
    Device,
    Parameter,
}

/// <summary>One source that is cut off: how, and how it comes back. <paramref name="Of"/> is the device or the signal; empty = the link.</summary>
internal sealed record Cut(CutLevel Level, string Kind, string Of, Func<Task> BeginAsync, Func<Task> EndAsync)
{
    private const int Many = 20;

    private static readonly (string Fault, string[] Signals)[] Groups =
    [
        ("withdraw-ecg", ["ecg-ii", "ecg-v", "ecg-i", "hr", "pvc-rate", "st-ii", "st-i", "st-iii", "st-avr", "st-avl", "st-avf", "st-v"]),
        ("withdraw-temperature", ["temp-core", "temp-blood", "cco"]),
        ("withdraw-pleth", ["pleth", "spo2", "perfusion-relative"]),
        ("withdraw-respiration", ["resp-impedance", "resp-rate"]),
        ("withdraw-gas", ["co2@philips-intellivue", "etco2@philips-intellivue", "imco2", "resp-rate-airway"]),
        ("module-unplug", ["abp", "pap", "cvp", "abp-sys", "abp-dia", "abp-mean", "pap-mean", "pap-sys", "pap-dia", "cvp-mean", "ppv", "pulse"]),
    ];

    /// <summary>Which of the groups are withdrawn together, so that the monitor still measures something else.</summary>
    private static readonly int[][] Together = [[0, 1], [2, 3, 4], [5]];

    /// <summary>
    /// Rounds of cuts that happen at one time each, <paramref name="count"/> cuts in all: links, devices, and signals that the monitor stops measuring while it
    /// goes on; a third of each, but where there are few, mostly signals, which take the least time.
    /// </summary>
    public static IReadOnlyList<Cut[]> Plan(CutBed bed, int count, Random random)
    {
        var rounds = new List<Cut[]>();
        int links = count >= Many ? count / 3 : 2;
        int signalsLeft = count >= Many ? (count - links) / 2 : count - links - 3;
        for (int i = 0; i < links; i++)
        {
            rounds.Add([Link(bed, i)]);
        }

        int left = count - links;
        for (int group = random.Next(Together.Length); signalsLeft > 0; group = (group + 1) % Together.Length)
        {
            Cut[] signals = [.. Together[group].SelectMany(one => Withdraw(bed, one)).Take(signalsLeft)];
            signalsLeft -= signals.Length;
            left -= signals.Length + 1;
            rounds.Add([Device(bed, CutBed.VentilatorDevice, random.Next(3)), .. signals]);
        }

        for (int i = 0; left > 0; i++)
        {
            Cut[] both = [Device(bed, CutBed.MonitorDevice, i), Device(bed, CutBed.VentilatorDevice, i + (i / 3))];
            Cut[] cuts = left == 1 ? [both[i % both.Length]] : both;
            left -= cuts.Length;
            rounds.Add(cuts);
        }

        return [.. rounds.OrderBy(_ => random.Next())];
    }

    private static Cut Link(CutBed bed, int kind) => (kind % 4) switch
    {
        0 => new Cut(CutLevel.Link, "box stopped", string.Empty, () => Done(bed.Box.Halt), () => Done(bed.Box.Continue)),
        1 => new Cut(CutLevel.Link, "line broken", string.Empty, () => Done(() => bed.Line.Set(LineState.Broken)), () => Done(() => bed.Line.Set(LineState.Whole))),
        2 => new Cut(CutLevel.Link, "line held", string.Empty, () => Done(() => bed.Line.Set(LineState.Held)), () => Done(() => bed.Line.Set(LineState.Whole))),
        _ => new Cut(CutLevel.Link, "box killed", string.Empty, bed.KillBoxAsync, bed.StartBoxAsync),
    };

    private static Cut Device(CutBed bed, string device, int kind) => (kind % 3) switch
    {
        0 => new Cut(CutLevel.Device, "stopped", device, () => Done(bed.Devices[device].Halt), () => Done(bed.Devices[device].Continue)),
        1 => new Cut(CutLevel.Device, "silent", device, () => bed.Devices[device].SayAsync("fault silence@0+14"), () => Task.CompletedTask),
        _ => new Cut(CutLevel.Device, "killed", device, () => bed.Devices[device].KillAsync(), () => bed.StartDeviceAsync(device)),
    };

    /// <summary>The first signal of a group withdraws them all.</summary>
    private static IEnumerable<Cut> Withdraw(CutBed bed, int group)
    {
        (string fault, string[] signals) = Groups[group];
        return signals.Select((signal, i) => new Cut(
            CutLevel.Parameter, fault, signal, () => i > 0 ? Task.CompletedTask : bed.Devices[CutBed.MonitorDevice].SayAsync($"fault {fault}@0+14"), () => Task.CompletedTask));
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
