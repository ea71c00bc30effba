using System.Globalization;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Viewer.Settings;

/// <summary>A check of a device's signals against its own display, as the person who made it sends it. Nobody is asked who that is.</summary>
/// <param name="At">When the values were frozen, by the box's clock.</param>
internal sealed record NewSignalCheck(string? Device, UtcInstant? At, IReadOnlyList<CheckedSignal?>? Signals);

/// <summary>One signal of a check.</summary>
/// <param name="Shown">The box's value at that instant as it was shown, unit included; empty = a wave, or nothing.</param>
/// <param name="Hertz">Rate that was measured; null = not measured.</param>
/// <param name="Right">Which of <c>label unit polarity range plausible</c> were found right.</param>
/// <param name="Wrong">Which were found wrong. The others were not judged.</param>
internal sealed record CheckedSignal(string? Id, string? Label, string? Unit, string? Shown, double? Hertz, IReadOnlyList<string>? Right, IReadOnlyList<string>? Wrong);

/// <summary>A stored check.</summary>
/// <param name="ClockOffsetMs">Device minus box; null = the device tells no time.</param>
internal sealed record SignalCheckAnswer(
    string Key,
    UtcInstant At,
    string Build,
    string Device,
    string Manufacturer,
    string Model,
    string SerialNumber,
    string Firmware,
    string Protocol,
    double? ClockOffsetMs,
    IReadOnlyList<CheckedSignal> Signals);

/// <summary>
/// The newest checks of signals. They hold values of a patient, so they are kept as marks in the store, encrypted under the stay's key like all data, and never beside it.
/// </summary>
internal sealed class SignalCheckBook(Store store)
{
    public const string Kind = "signal-check";

    /// <summary>Neither a person's mark nor a device's.</summary>
    public const string Source = "check";

    private const int Most = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<(UtcInstant At, string Key), SignalCheckAnswer> _checks = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SignalCheckAnswer> Checks
    {
        get
        {
            lock (_gate)
            {
                return [.. _checks.Values.Reverse()];
            }
        }
    }

    public void Observe(Block block)
    {
        if (block is not AnnotationBlock { Kind: Kind, Source: Source } mark || Read(mark) is not { } check)
        {
            return;
        }

        lock (_gate)
        {
            _checks[(mark.Start, mark.Key)] = check;
            while (_checks.Count > Most)
            {
                _checks.Remove(_checks.Keys.First());
            }
        }
    }

    /// <summary>Returns when it is on disk.</summary>
    public async Task<SignalCheckAnswer> StoreAsync(SignalCheckAnswer check, UtcInstant now, CancellationToken cancel)
    {
        SignalCheckAnswer keyed = check with { Key = string.Create(CultureInfo.InvariantCulture, $"check-{now.UnixNanoseconds}") };
        var mark = new AnnotationBlock
        {
            Signal = SignalNumber.None,
            Start = check.At,
            Key = keyed.Key,
            Kind = Kind,
            Source = Source,
            Text = JsonSerializer.Serialize(keyed, ViewerJson.Default.SignalCheckAnswer),
        };
        await store.AppendAsync(mark, cancel);
        await store.SyncAsync(cancel);
        Observe(mark);
        return keyed;
    }

    private static SignalCheckAnswer? Read(AnnotationBlock mark)
    {
        try
        {
            return JsonSerializer.Deserialize(mark.Text, ViewerJson.Default.SignalCheckAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
