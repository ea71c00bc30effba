using System.Globalization;
using System.Reflection;
using Bedside.Host.Decoding;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;

namespace Bedside.Host.Commands;

/// <summary>What <c>bedside import capture --evidence</c> was asked for.</summary>
/// <param name="Port">Name of the port, or the last part of it.</param>
/// <param name="From">Null = from the beginning.</param>
/// <param name="To">Null = to the end.</param>
/// <param name="Driver">Instead of the one that was recognised then; empty = that one.</param>
/// <param name="Label">Behind the device's name, so that both can be read.</param>
internal sealed record EvidenceRequest(string Port, UtcInstant? From, UtcInstant? To, string Driver, string Label);

/// <summary>Decodes an interval of the ring again, with the drivers of this build, into the store it is in.</summary>
internal static class EvidenceImport
{
    /// <summary>What a device tells of an instant comes some seconds later.</summary>
    public const long LateNanoseconds = 10_000_000_000;

    /// <summary>Beside the originals, under a device's name of its own. The box is stopped meanwhile.</summary>
    public static async Task RunBesideAsync(DirectoryInfo data, FileInfo? key, EvidenceRequest request, CancellationToken cancel)
    {
        CheckLabel(request.Label);
        await using Store store = Open(data, key);
        string said = await DecodeAsync(store, request, cancel);
        Console.WriteLine(said);
    }

    /// <summary>The same in a store that is open; returns what is to be said of it.</summary>
    public static async Task<string> DecodeAsync(Store store, EvidenceRequest request, CancellationToken cancel)
    {
        var plan = EvidencePlan.Make(store, request.Port, request.From, request.To);
        Func<string, IDriver?> driverOf = DriverOf(request, plan);
        string original = plan.Device.Length > 0 ? plan.Device : driverOf(string.Empty)!.Name; // without a device there is a driver by name
        string device = $"{original}~{request.Label}";
        CheckFree(store, device, plan);

        // Without a bound nothing is cut: a device tells what was before its bytes came, and may count samples ahead of them.
        (UtcInstant from, UtcInstant to) = (request.From ?? new UtcInstant(long.MinValue), request.To ?? new UtcInstant(long.MaxValue));
        var sink = new IntervalSink(store, from, to, IntervalSink.Into(store, cancel));
        using var decoder = new EvidenceDecoder(device, driverOf, sink, LastEpoch(store, device));
        foreach (EvidenceEntry entry in store.ReadEvidence(plan.Begin, plan.To.Add(LateNanoseconds)))
        {
            cancel.ThrowIfCancellationRequested();
            if (entry.Port.Name == plan.Port || entry.Port == EvidencePort.Every)
            {
                decoder.Take(entry);
            }
        }

        await store.AppendAsync(Provenance(plan, device, original, decoder), cancel);
        await store.SyncAsync(cancel);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Port}: {sink.Samples} samples and {sink.Readings} readings from {plan.From} to {plan.To}, kept as {device}; {decoder.Chunks} chunks were read from {plan.Begin} on, with {decoder.Holes} holes");
    }

    /// <summary>What the decoded data are: which evidence, which interval, which program.</summary>
    private static AnnotationBlock Provenance(EvidencePlan plan, string device, string original, EvidenceDecoder decoder) => new()
    {
        Signal = SignalNumber.None,
        Start = plan.From,
        Until = plan.To,
        Key = $"evidence/{device}/{plan.From.UnixNanoseconds}",
        Kind = "decoded-again",
        Source = device,
        Text = string.Create(
            CultureInfo.InvariantCulture,
            $"{device} was decoded again from the raw bytes of {plan.Port} by bedside {Version}, beside {original}: {decoder.Chunks} chunks, {decoder.Bytes} bytes, {decoder.Holes} holes, read from {plan.Begin} on, SHA-256 {decoder.Digest()}."),
    };

    public static string Version =>
        typeof(EvidenceImport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Func<string, IDriver?> DriverOf(EvidenceRequest request, EvidencePlan plan)
    {
        if (request.Driver.Length > 0)
        {
            IDriver chosen = DecodeCommand.Drivers(request.Driver, [])[0];
            return _ => chosen;
        }

        return plan.Driver.Length > 0
            ? DriverCatalog.ByName
            : throw new CommandFailedException($"nothing was recognised on {plan.Port} then; name a driver with --driver.");
    }

    private static void CheckFree(Store store, string device, EvidencePlan plan)
    {
        bool isTaken = store.Signals.Any(signal => signal.Device == device && store.Read(signal.Number, plan.From, plan.To).Any(block => block is SampleBlock or NumericBlock));
        if (isTaken)
        {
            throw new CommandFailedException($"{device} has data of that interval already: it was decoded again before; give it another name with --as.");
        }
    }

    private static void CheckLabel(string label)
    {
        if (label.Length is 0 or > 32 || !label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.'))
        {
            throw new CommandFailedException($"--as {label} is not a name; use letters, digits, - and ., at most 32 of them.");
        }
    }

    private static uint LastEpoch(Store store, string device) =>
        store.Signals.Where(signal => signal.Device == device)
            .Select(signal => store.Last(signal.Number)?.ClockEpoch ?? 0)
            .DefaultIfEmpty()
            .Max();

    public static Store Open(DirectoryInfo data, FileInfo? key)
    {
        if (!data.Exists)
        {
            throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");
        }

        try
        {
            return Store.Open(data.FullName, StoreArguments.Options(data, key), TimeProvider.System);
        }
        catch (StoreLockedException)
        {
            throw new CommandFailedException($"the box is running on {data.FullName}; stop it first, what it does not hear meanwhile is a gap.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }
}
