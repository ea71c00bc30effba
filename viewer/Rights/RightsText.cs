using System.Text;

namespace Bedside.Viewer.Rights;

/// <summary>The table of rights as a page for people: <c>RIGHTS.md</c>.</summary>
internal static class RightsText
{
    private static readonly (Callers Caller, string Name)[] Columns =
    [
        (Callers.Bed, "at the bed, nobody signed in"), (Callers.Elsewhere, "elsewhere, nobody signed in"), (Callers.Clinician, "clinician"), (Callers.Biomed, "biomed"),
        (Callers.Researcher, "researcher"), (Callers.Steward, "steward"), (Callers.RightsOfficer, "rights-officer"), (Callers.Administrator, "administrator"), (Callers.Emergency, "emergency"),
    ];

    private const string Head =
        """
        # Who may ask what

        Made of `Rights/RightsTable.cs` (`BEDSIDE_GOLDEN=write ./bedside test RightsTests`); a test asks every endpoint of a running box as everybody in this table, and an endpoint without a row fails it.
        The table holds as soon as a box has one account. Without any, a box answers its own machine alone, and refuses nothing to it.

        - **yes**: the whole. **hour**: what is live and the last 60 minutes of the present stay, without what people wrote; the box cuts the range that is asked, and blanks columns of a tile. Nothing: refused, 401
          where signing in could help and 403 where it could not. A session that rests counts as nobody.
        - *At the bed* is this machine, over loopback. *Emergency* is an hour without a name ([how](PROTOCOL.md), section People). A person with several roles may do what any of them may; at the bed, also what everybody there may.
        - **P**: the answer is of the patient. No browser keeps it, and the journal of access has who asked.
        - `/peer/v1/…` is for other boxes and no person's: it is open only where a named person approved it (`--ward-approved-by`). `/unit/v1/…` is for boxes as well: each asks for the certificate of one.
        - What changes something also needs the token of the session (`X-Bedside-Token`), except where everybody at the bed may do it.
        """;

    public static string Write()
    {
        StringBuilder text = new StringBuilder(Head).Append("\n\n| endpoint | P |").AppendJoin(" |", Columns.Select(column => $" {column.Name}")).Append(" |\n| --- | --- |");
        foreach ((Callers _, string _) in Columns)
        {
            text.Append(" --- |");
        }

        text.Append('\n');
        foreach (RightsRow row in RightsTable.Rows)
        {
            text.Append("| `").Append(row.Method).Append(' ').Append(row.Pattern).Append("` | ").Append(row.OfPatient ? "P" : string.Empty).Append(" |");
            foreach ((Callers caller, string _) in Columns)
            {
                text.Append(' ').Append(row.Of(caller) switch
                {
                    Reach.Full => "yes",
                    Reach.Limited => "hour",
                    _ => string.Empty,
                }).Append(" |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
