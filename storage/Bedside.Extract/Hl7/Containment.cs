using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Extract.Hl7;

/// <summary>
/// Where each signal stands in the tree that OBX-4 tells: device, VMD, channel, metric. Numbers come from the signals of the store in the order of their registration, so they do not change when others join.
/// The metric is the number of the signal.
/// </summary>
internal sealed class Containment
{
    private const string Private = "99BEDSIDE";

    /// <summary>Of devices whose driver says that they are monitors of several parameters; what others are in MDC is not confirmed.</summary>
    private static readonly string[] Monitors = ["philips-intellivue", "ge-datex-dri", "mindray-pds", "ivy-450c"];

    /// <summary>VMDs by the groups of the nomenclature; the last takes all others. Names and numbers as devices of several makers send them.</summary>
    private static readonly (string[] Groups, string Vmd, string Channel)[] Vmds =
    [
        (["ecg"], "69798^MDC_DEV_ECG_VMD^MDC", "69799^MDC_DEV_ECG_CHAN^MDC"),
        (["spo2"], "69642^MDC_DEV_ANALY_SAT_O2_VMD^MDC", "69643^MDC_DEV_ANALY_SAT_O2_CHAN^MDC"),
        (["art", "cvp", "pap", "icp"], "69854^MDC_DEV_METER_PRESS_BLD_VMD^MDC", "69855^MDC_DEV_METER_PRESS_BLD_CHAN^MDC"),
        (["nibp"], "70686^MDC_DEV_PRESS_BLD_NONINV_VMD^MDC", "70687^MDC_DEV_PRESS_BLD_NONINV_CHAN^MDC"),
        (["temp"], "69902^MDC_DEV_METER_TEMP_VMD^MDC", "69903^MDC_DEV_METER_TEMP_CHAN^MDC"),
        ([], $"vmd^other^{Private}", $"channel^other^{Private}"),
    ];

    private readonly Dictionary<SignalNumber, (int Device, int Vmd, int Channel)> _places = [];
    private readonly List<string> _devices = [];
    private readonly List<(int Device, int Vmd, string Name)> _channels = [];

    public Containment(IEnumerable<Signal> signals)
    {
        foreach (Signal signal in signals.OrderBy(signal => signal.Number.Value))
        {
            string group = Nomenclature.Shipped.Of(signal)?.ColourGroup ?? string.Empty;
            int vmd = Array.FindIndex(Vmds, row => row.Groups.Contains(group) || row.Groups.Length == 0) + 1;
            int device = PlaceOf(_devices, signal.Device);
            (int Device, int Vmd, string Name) channel = (device, vmd, signal.Metric.Channel);
            _ = PlaceOf(_channels, channel);
            int among = _channels.Where(one => one.Device == device && one.Vmd == vmd).TakeWhile(one => one != channel).Count() + 1;
            _places[signal.Number] = (device, vmd, among);
        }
    }

    /// <summary>OBX-4.</summary>
    public string Of(SignalNumber signal) =>
        _places.TryGetValue(signal, out (int Device, int Vmd, int Channel) place) ? string.Create(CultureInfo.InvariantCulture, $"{place.Device}.{place.Vmd}.{place.Channel}.{signal.Value}") : string.Empty;

    /// <summary>Rows of the devices, VMDs and channels of these signals. The set id goes on from <paramref name="row"/>.</summary>
    public int Append(StringBuilder message, IEnumerable<SignalNumber> signals, string box, int row)
    {
        (int Device, int Vmd, int Channel)[] places = [.. signals.Where(_places.ContainsKey).Select(signal => _places[signal]).Distinct().Order()];
        foreach (IGrouping<int, (int Device, int Vmd, int Channel)> device in places.GroupBy(place => place.Device))
        {
            string name = Hl7Words.Escape(_devices[device.Key - 1]);
            string type = Monitors.Any(_devices[device.Key - 1].StartsWith) ? Pcd01Writer.MonitorCode : $"{name}^{name}^{Private}";
            Append(message, ++row, type, $"{device.Key}.0.0.0", $"{name}^{box}");
            foreach (IGrouping<int, (int Device, int Vmd, int Channel)> vmd in device.GroupBy(place => place.Vmd))
            {
                Append(message, ++row, Vmds[vmd.Key - 1].Vmd, $"{device.Key}.{vmd.Key}.0.0", string.Empty);
                string[] channels = [.. _channels.Where(one => one.Device == device.Key && one.Vmd == vmd.Key).Select(one => Hl7Words.Escape(one.Name))];
                foreach ((_, _, int channel) in vmd)
                {
                    string label = channels[channel - 1];
                    string code = label.Length == 0 ? Vmds[vmd.Key - 1].Channel : $"{label}^{label}^{Private}";
                    Append(message, ++row, code, $"{device.Key}.{vmd.Key}.{channel}.0", string.Empty);
                }
            }
        }

        return row;
    }

    private static void Append(StringBuilder message, int row, string code, string place, string equipment) =>
        Hl7Words.Append(message, "OBX", row.ToString(CultureInfo.InvariantCulture), string.Empty, code, place, "", "", "", "", "", "", "X", "", "", "", "", "", "", equipment);

    private static int PlaceOf<T>(List<T> all, T one)
    {
        int at = all.IndexOf(one);
        if (at < 0)
        {
            all.Add(one);
            at = all.Count - 1;
        }

        return at + 1;
    }
}
