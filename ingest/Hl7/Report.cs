using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>One OBR with its OBX, of a patient in this box's bed.</summary>
/// <param name="Request">The OBR; empty where OBX came without.</param>
/// <param name="Rows">In their order.</param>
/// <param name="Marks">Validity of all: test and training messages.</param>
internal sealed record Report(Hl7Value Request, List<Observation> Rows, Validity Marks)
{
    public Hl7Time? Begin { get; } = Hl7Time.Read(Request.Field(7));

    public Hl7Time? End { get; } = Hl7Time.Read(Request.Field(8));

    /// <summary>Some row has a code of a device.</summary>
    public bool IsOfDevice
    {
        get
        {
            foreach (Observation row in Rows)
            {
                if (row.Shape.IsDevice)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

/// <summary>What the readers of one sender share.</summary>
internal sealed class ReportContext(Hl7Settings settings, SenderRules rules)
{
    private const int MostTold = 256;

    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public Hl7Settings Settings => settings;

    public SenderRules Rules => rules;

    public SenderClock Clock { get; } = new(rules.Zone ?? settings.Zone);

    public Readout Readout { get; } = new("hl7");

    /// <summary>Codes whose number and name are of two signals, which the site said nothing of: staff see them with the device.</summary>
    public CodeConflicts Conflicts { get; } = new();

    /// <summary>Reports a fault once for each subject; there are not more subjects than may be told.</summary>
    public void Tell(string subject, Hl7Fault fault, IDriverOutput output)
    {
        if (_told.Count < MostTold && _told.Add(subject))
        {
            output.Report(new DeviceEvent.Fault(fault.ToString(), 0));
        }
    }
}
