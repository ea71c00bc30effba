using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>Gaps, coded marks and alerts of the bed during a stay: codes, times and numbers, and no word that a person or a device wrote.</summary>
internal sealed class BedEvents
{
    /// <summary>Event codes of ISO/IEEE 11073-10101 are those of partition 3.</summary>
    private const uint EventPartition = 3;

    private const int PartitionBits = 16;

    private readonly PackageStay _stay;
    private readonly StayTime _time;
    private readonly IReadOnlyList<PackagedSignal> _signals;
    private readonly Dictionary<string, PackagedDevice> _devices = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Device, string Key), int> _alerts = [];

    public BedEvents(PackageStay stay, StayTime time, IReadOnlyList<PackagedSignal> signals, CancellationToken cancel)
    {
        (_stay, _time, _signals) = (stay, time, signals);
        foreach (PackagedSignal signal in signals)
        {
            _devices[signal.Source.Device] = signal.Device;
        }

        var marks = new List<AnnotationBlock>();
        foreach (Block block in stay.Source(SignalNumber.None, stay.Admitted < stay.From ? stay.Admitted : stay.From, stay.To))
        {
            cancel.ThrowIfCancellationRequested();
            switch (block)
            {
                case AnnotationBlock mark when mark.Start >= stay.Admitted && mark.Start < stay.To:
                    marks.Add(mark);
                    break;
                case GapBlock gap when gap.Signal == SignalNumber.None && (gap.Device.Length == 0 || _devices.ContainsKey(gap.Device)):
                    string device = gap.Device.Length == 0 ? string.Empty : _devices[gap.Device].Name;
                    Gaps.AddRange(PackageGaps.RowOf(stay, time, string.Empty, device, (gap.Start, gap.Until, Spelling.Of(gap.Cause))));
                    break;
                case AlertBlock alert when alert.Start >= stay.From && alert.Start < stay.To && _devices.TryGetValue(alert.Device, out PackagedDevice? from):
                    TakeAlert(alert, from);
                    break;
            }
        }

        TakeContext(marks);
    }

    public List<ExportCell[]> Gaps { get; } = [];

    public List<ExportCell[]> Alerts { get; } = [];

    public List<ExportCell[]> Context { get; } = [];

    /// <summary>An alert about a signal that was not asked for stays in the box.</summary>
    private void TakeAlert(AlertBlock block, PackagedDevice device)
    {
        Alert alert = block.Alert;
        PackagedSignal? about = _signals.FirstOrDefault(signal => signal.Source.Device == block.Device && signal.Entry.Id == alert.Source);
        if (about is null && Nomenclature.Shipped.ById(alert.Source) is { Kind: not "event" })
        {
            return;
        }

        if (!_alerts.TryGetValue((block.Device, alert.Key), out int number))
        {
            number = _alerts.Count + 1;
            _alerts.Add((block.Device, alert.Key), number);
        }

        uint code = alert.Code >> PartitionBits == EventPartition ? alert.Code : 0;
        Alerts.Add([
            _stay.Stay, _time.Text(block.Start), number, Spelling.Of(alert.Phase), Spelling.Of(alert.Priority), alert.Technical, ExportCell.Code(code),
            Nomenclature.Shipped.ByCode(code)?.CodeName ?? string.Empty, about?.Name ?? string.Empty, device.Name, alert.Silenced, alert.Latched, alert.Inhibited]);
    }

    private void TakeContext(List<AnnotationBlock> marks)
    {
        var asked = new ExportRequest([.. _signals.Select(signal => signal.Source)], _stay.From, _stay.To, string.Empty);
        var names = _signals.ToDictionary(signal => signal.Source.Number, signal => signal.Name);
        var known = _stay.Signals.ToDictionary(signal => signal.Number);
        foreach (ContextItem item in ExportContext.Of(marks, asked, known))
        {
            string source = item.Mark.Source == ExportContext.Person ? "person" : _devices.TryGetValue(item.Mark.Source, out PackagedDevice? device) ? device.Name : string.Empty;
            UtcInstant? until = item.Held.HeldUntil is { } end && end < _stay.To ? end : null;
            Context.Add([
                _stay.Stay, item.Number, _time.Text(item.Mark.Start < _stay.From ? _stay.From : item.Mark.Start), until is { } told ? _time.Text(told < _stay.From ? _stay.From : told) : string.Empty,
                item.Mark.Start < _stay.From, until is null ? "open" : item.Ended, item.Kind.Code, item.Kind.English, item.Kind.French, Spelling.Of(item.Kind.Form),
                item.Signal is { } marked ? names.GetValueOrDefault(marked.Number, string.Empty) : string.Empty,
                item.IsOfBed ? string.Empty : string.Join(' ', item.Concerns.Select(signal => names[signal.Number])), Coded(item), source]);
        }
    }

    /// <summary>Attributes and values of the catalogue, and no others: <c>site=finger-left;size=adult</c>.</summary>
    private static string Coded(ContextItem item) => string.Join(
        ';',
        item.Mark.Attributes.Values.Where(pair => item.Kind.Attribute(pair.Key)?.Values.Any(word => word.Code == pair.Value) == true).Select(pair => $"{pair.Key}={pair.Value}"));
}
