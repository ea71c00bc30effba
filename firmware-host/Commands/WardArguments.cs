using System.CommandLine;
using Bedside.Host.Options;

namespace Bedside.Host.Commands;

/// <summary>What the command line says of the ward.</summary>
internal sealed class WardArguments
{
    private readonly Option<string[]> _peers = new("--ward-peer") { Description = "Show another bed's box on the ward page: BED=URL, where URL ends on this machine (the end of a tunnel), such as 7=http://127.0.0.1:9007, or is the box's name in the unit that both are in, such as 7=https://bed7.icu.home.arpa:8443; may be given several times." };
    private readonly Option<string?> _approved = new("--ward-approved-by") { Description = "Give this bed to the other boxes of the ward, to read only; who approved it is recorded and shown. Without it nothing is given." };
    private readonly Option<bool> _noBed = new("--ward-no-bed") { Description = "This machine stands at no bed: it shows the others only." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_peers, _approved, _noBed])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Over what a file of settings said. Throws <see cref="CommandFailedException"/> with the remedy when something of it cannot be.</summary>
    public void Read(ParseResult result, WardOptions options)
    {
        foreach (string peer in result.GetValue(_peers) ?? [])
        {
            options.Peers.Add(WardPeerSettings.Parse(peer));
        }

        options.ApprovedBy = result.GetValue(_approved)?.Trim() ?? options.ApprovedBy;
        options.OwnBed &= !result.GetValue(_noBed);
        if (result.GetResult(_approved) is not null && options.ApprovedBy.Length == 0)
        {
            throw new CommandFailedException("--ward-approved-by: nothing leaves this box without a named person's approval; say who approved it.");
        }

        options.Check("--ward-peer");
    }
}
