using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// What the numbers 1 to 31 that a device gives its alarms are shown as. The clinical severity is not on the wire and no
/// source tells how the numbers map to it (sheet 10.5): these bands are our choice, after the priorities that devices
/// typically use (airway and minute volume 26 to 30, gas supply 31, advisories 1 to 10). The number itself is kept.
/// </summary>
/// <param name="MediumFrom">The lowest number shown as medium; all below are low.</param>
/// <param name="HighFrom">The lowest number shown as high.</param>
public sealed record AlarmBands(int MediumFrom = 11, int HighFrom = 26)
{
    public AlertPriority Of(int priority) =>
        priority >= HighFrom ? AlertPriority.High : priority >= MediumFrom ? AlertPriority.Medium : AlertPriority.Low;
}

/// <summary>
/// Makes alerts that begin, change and end out of lists that only say what is active now. Each codepage is a list of its
/// own. A device that was away and comes back continues where its lists differ.
/// </summary>
internal sealed class AlarmLists(AlarmBands bands)
{
    private const int Codepages = 3;

    private readonly Dictionary<byte, AlarmRecord>[] _active = [.. Enumerable.Range(0, Codepages).Select(_ => new Dictionary<byte, AlarmRecord>())];

    public void Take(int codepage, List<AlarmRecord> list, MedibusNomenclature names, IDriverOutput output)
    {
        Dictionary<byte, AlarmRecord> active = _active[codepage - 1];
        Dictionary<byte, AlarmRecord> now = [];
        foreach (AlarmRecord alarm in list)
        {
            // The same code twice in a list is one alarm at its higher priority.
            if (!now.TryGetValue(alarm.Code, out AlarmRecord other) || other.Priority < alarm.Priority)
            {
                now[alarm.Code] = alarm;
            }
        }

        foreach (AlarmRecord alarm in active.Values.Where(alarm => !now.ContainsKey(alarm.Code)).ToArray())
        {
            active.Remove(alarm.Code);
            Tell(codepage, alarm, AlertPhase.End, names, output);
        }

        foreach (AlarmRecord alarm in now.Values)
        {
            if (!active.TryGetValue(alarm.Code, out AlarmRecord before))
            {
                Tell(codepage, alarm, AlertPhase.Start, names, output);
            }
            else if (before != alarm)
            {
                Tell(codepage, alarm, AlertPhase.Update, names, output);
            }

            active[alarm.Code] = alarm;
        }
    }

    /// <summary>Another device is on the line: the alarms of the one before are not its own.</summary>
    public void EndAll(MedibusNomenclature names, IDriverOutput output)
    {
        for (int codepage = 1; codepage <= Codepages; codepage++)
        {
            Take(codepage, [], names, output);
        }
    }

    private void Tell(int codepage, AlarmRecord alarm, AlertPhase phase, MedibusNomenclature names, IDriverOutput output)
    {
        AlarmRow row = names.Alarm(codepage, alarm.Code);
        string code = string.Create(CultureInfo.InvariantCulture, $"CP{codepage}:0x{alarm.Code:X2}");
        output.Report(new DeviceEvent.AlertSaid(new Alert
        {
            Key = $"medibus:{code}",
            Phase = phase,
            Priority = bands.Of(alarm.Priority),
            Technical = row.Technical,
            Text = alarm.Phrase.Length > 0 ? alarm.Phrase : row.Phrase,
            CodeName = string.Create(CultureInfo.InvariantCulture, $"medibus:{code}:priority-{alarm.Priority}"),
            Source = row.Source,
        }));
    }
}
