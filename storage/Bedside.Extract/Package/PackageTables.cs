using Bedside.Model.Research;

namespace Bedside.Extract.Package;

/// <summary>The tables that all stays share: rows are appended stay by stay.</summary>
internal sealed class PackageTables : IDisposable
{
    private readonly CsvTable _gaps;
    private readonly CsvTable _clock;
    private readonly CsvTable _context;
    private readonly CsvTable _alerts;
    private readonly CsvTable _states;

    public PackageTables(PackageFolder folder, TimeForm form)
    {
        string time = StayTime.Column("t", form);
        (string from, string to) = (StayTime.Column("from", form), StayTime.Column("to", form));
        _gaps = folder.Table("gaps.csv", "stay", "signal", "device", from, to, "cause");
        _clock = folder.Table("clock.csv", "stay", "signal", "device", StayTime.Column("from", form), "uncertainty_us");
        _context = folder.Table("context.csv", "stay", "context", from, to, "began_before", "ended", "kind", "kind_en", "kind_fr", "form", "signal", "concerns", "attributes", "source");
        _alerts = folder.Table("alerts.csv", "stay", time, "alert", "phase", "priority", "technical", "code_11073", "code_name", "signal", "device", "silenced", "latched", "inhibited");
        _states = folder.Table("states.csv", "stay", time, "signal", "device", "code_11073", "code_name", "validity");
    }

    public long Gaps => _gaps.Rows;

    public long States => _states.Rows;

    public void Take(BedEvents bed, IEnumerable<SignalNotes> signals)
    {
        Write(_gaps, bed.Gaps);
        Write(_context, bed.Context);
        Write(_alerts, bed.Alerts);
        foreach (SignalNotes notes in signals)
        {
            Write(_gaps, notes.Gaps);
            Write(_clock, notes.Clock);
            Write(_states, notes.States);
        }
    }

    public void Dispose()
    {
        _gaps.Dispose();
        _clock.Dispose();
        _context.Dispose();
        _alerts.Dispose();
        _states.Dispose();
    }

    /// <summary>Names and bands of all stays; a band that a stay does not have is empty.</summary>
    public static void WriteStays(PackageFolder folder, IReadOnlyList<PackageStay> stays)
    {
        string[] bands = [.. stays.SelectMany(stay => stay.Bands).Select(band => band.Key).Distinct(StringComparer.Ordinal)];
        using CsvTable table = folder.Table("stays.csv", ["stay", "patient", .. bands]);
        foreach (PackageStay stay in stays)
        {
            table.Row([stay.Stay, stay.Patient, .. bands.Select(name => (ExportCell)(stay.Bands.FirstOrDefault(band => band.Key == name).Value ?? string.Empty))]);
        }
    }

    private static void Write(CsvTable table, List<ExportCell[]> rows)
    {
        foreach (ExportCell[] row in rows)
        {
            table.Row(row);
        }
    }
}
