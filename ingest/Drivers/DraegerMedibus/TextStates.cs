using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// The text messages that are active, told when they begin, change and end. The ventilation mode is the base mode with
/// what is added to it, in the device's own words; the patient's name goes to the identity vault and nowhere else.
/// </summary>
internal sealed class TextStates
{
    private const string ModeId = "set-vent-mode";

    private readonly Dictionary<byte, TextRecord> _active = [];
    private readonly HashSet<string> _described = [];
    private string _mode = string.Empty;
    private ImmutableSortedDictionary<string, string> _patient = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The mark of all that is measured while the device says that it plays, or is being tested.</summary>
    public Validity Validity { get; private set; }

    public void Take(List<TextRecord> list, MedibusNomenclature names, IDriverOutput output)
    {
        Dictionary<byte, TextRecord> now = [];
        foreach (TextRecord text in list)
        {
            now[text.Code] = text;
        }

        Validity = MarkOf(now.Keys, names);
        TellPatient(now, names, output);
        TellMode(now, names, output);
        foreach (TextRecord text in _active.Values.Where(text => !now.ContainsKey(text.Code)).ToArray())
        {
            _active.Remove(text.Code);
            TellState(text.Code, text: null, names, output);
        }

        foreach (TextRecord text in now.Values.Where(text => IsState(names.Text(text.Code).Role)))
        {
            if (!_active.TryGetValue(text.Code, out TextRecord before) || before != text)
            {
                _active[text.Code] = text;
                TellState(text.Code, text.Text, names, output);
            }
        }
    }

    /// <summary>A new conversation: everything is told anew.</summary>
    public void Forget()
    {
        _active.Clear();
        _mode = string.Empty;
        _patient = ImmutableSortedDictionary<string, string>.Empty;
    }

    private static bool IsState(TextRole role) => role is TextRole.State or TextRole.Simulation or TextRole.Test;

    private static Validity MarkOf(IEnumerable<byte> codes, MedibusNomenclature names)
    {
        Validity mark = Validity.Valid;
        foreach (byte code in codes)
        {
            mark |= names.Text(code).Role switch
            {
                TextRole.Simulation => Validity.DemoData,
                TextRole.Test => Validity.TestData,
                _ => Validity.Valid,
            };
        }

        return mark;
    }

    private void TellPatient(Dictionary<byte, TextRecord> now, MedibusNomenclature names, IDriverOutput output)
    {
        var fields = now.Values
            .Where(text => names.Text(text.Code).Role == TextRole.Patient)
            .ToImmutableSortedDictionary(text => names.Text(text.Code).Meaning, text => text.Text);
        if (!fields.SequenceEqual(_patient))
        {
            _patient = fields;
            output.Report(new DeviceEvent.Patient(fields));
        }
    }

    private void TellMode(Dictionary<byte, TextRecord> now, MedibusNomenclature names, IDriverOutput output)
    {
        TextRecord[] modes = [.. now.Values.Where(text => names.Text(text.Code).Role == TextRole.Mode)];
        TextRecord[] additions = [.. now.Values.Where(text => names.Text(text.Code).Role == TextRole.Addition)];
        string mode = string.Join(" + ", modes.Concat(additions).Select(text => text.Text));
        if (mode == _mode)
        {
            return;
        }

        _mode = mode;
        Metric metric = MedibusNomenclature.Named(ModeId, SignalKind.Text, "mode") with { DeviceCode = "medibus:TXT" };
        Describe(metric, output);
        output.Report(new DeviceEvent.Text(metric, mode)
        {
            Code = modes.Length > 0 ? modes[0].Code : 0u,
            Validity = mode.Length == 0 ? Validity.NotAvailable : Validity,
        });
    }

    /// <summary>Null = the state is over.</summary>
    private void TellState(byte code, string? text, MedibusNomenclature names, IDriverOutput output)
    {
        string meaning = names.Text(code).Meaning;
        Metric metric = MedibusNomenclature.Named(MedibusNomenclature.RawId("TXT", code, meaning), SignalKind.Text, meaning) with
        {
            DeviceCode = MedibusNomenclature.DeviceCode("TXT", code),
        };
        Describe(metric, output);
        output.Report(new DeviceEvent.Text(metric, text ?? string.Empty)
        {
            Code = code,
            Validity = text is null ? Validity.NotAvailable : Validity,
        });
    }

    private void Describe(Metric metric, IDriverOutput output)
    {
        if (_described.Add(metric.SignalId))
        {
            output.Report(new DeviceEvent.Descriptor(metric));
        }
    }
}
