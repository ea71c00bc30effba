using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>
/// Codes of one sender that nobody decided on, as a property of its identity: it is stored and shown with the device until the site says which signal each of them is.
/// </summary>
internal sealed class CodeConflicts
{
    private const int Most = 16;

    private readonly SortedSet<string> _codes = new(StringComparer.Ordinal);

    private DeviceIdentity _known = new() { Manufacturer = string.Empty, Model = string.Empty, Protocol = "HL7 2.x, PCD-01" };

    /// <summary>The device introduced itself; what is in doubt stays with it.</summary>
    public void Introduce(DeviceIdentity identity, IDriverOutput output)
    {
        _known = identity;
        Report(output);
    }

    public void Add(RowShape shape, IDriverOutput output)
    {
        if (_codes.Count < Most && _codes.Add($"{shape.Code} {shape.Label}"))
        {
            Report(output);
        }
    }

    private void Report(IDriverOutput output) => output.Report(new DeviceEvent.Identity(_codes.Count == 0 ? _known : _known.WithCodeConflicts(string.Join(", ", _codes))));
}
