using System.CommandLine;
using Bedside.Host.Options;

namespace Bedside.Host.Commands;

/// <summary>What the command line says of HL7 that goes out.</summary>
internal sealed class Hl7OutArguments
{
    private readonly Option<string?> _to = new("--hl7-out") { Description = "Send what is stored to HOST:PORT as HL7 (ORU^R01, PCD-01 over MLLP); over TLS, but for this machine. Needs --hl7-out-bed and --hl7-out-approved-by." };
    private readonly Option<string?> _bed = new("--hl7-out-bed") { Description = "PV1-3 of what is sent: BED, or components such as ICU^^5." };
    private readonly Option<string?> _approved = new("--hl7-out-approved-by") { Description = "Who approved that data of this bed go there; it is recorded and shown." };
    private readonly Option<string?> _every = new("--hl7-out-every") { Description = "One message for so long: 1s to 10min; default: 10s." };
    private readonly Option<bool> _waves = new("--hl7-out-waves") { Description = "Send waves too." };
    private readonly Option<string?> _name = new("--hl7-out-name") { Description = "Name of this box in MSH-3, or its EUI-64; default: the name of the machine." };
    private readonly Option<FileInfo?> _authority = new("--hl7-out-ca") { Description = "PEM file of who signs the destination's certificate." };
    private readonly Option<FileInfo?> _certificate = new("--hl7-out-certificate") { Description = "PEM file of this box's certificate, where the destination asks for one." };
    private readonly Option<FileInfo?> _key = new("--hl7-out-key") { Description = "PEM file of its key, when that is another file." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_to, _bed, _approved, _every, _waves, _name, _authority, _certificate, _key])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Over what a file of settings said. Throws <see cref="CommandFailedException"/> with the remedy when something of it cannot be.</summary>
    public void Read(ParseResult result, Hl7OutOptions options)
    {
        options.To = result.GetValue(_to) ?? options.To;
        options.Bed = result.GetValue(_bed) ?? options.Bed;
        options.ApprovedBy = result.GetValue(_approved)?.Trim() ?? options.ApprovedBy;
        options.Every = result.GetValue(_every) ?? options.Every;
        options.Waves |= result.GetValue(_waves);
        options.Name = result.GetValue(_name) ?? options.Name;
        options.Authority = result.GetValue(_authority)?.FullName ?? options.Authority;
        options.Certificate = result.GetValue(_certificate)?.FullName ?? options.Certificate;
        options.Key = result.GetValue(_key)?.FullName ?? options.Key;
        options.Check("--hl7-out");
    }
}
