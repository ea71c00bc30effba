using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// What the responses with slow data say. A code that is left out of a response has no valid value now (sheet 4): a
/// signal that was there before is then told to be not available, once, and never keeps its old number.
/// </summary>
internal sealed class Readings(AlarmBands bands, bool polled)
{
    private readonly AlarmLists _alarms = new(bands);
    private readonly TextStates _texts = new();
    private readonly Dictionary<string, HashSet<Metric>> _shown = [];
    private readonly HashSet<Metric> _described = [];
    private readonly Dictionary<byte, string> _ownStates = [];

    /// <summary>How often we ask, with time to spare for a slow line; what another host asks for comes when it likes.</summary>
    private readonly TimeSpan? _measuredEvery = polled ? TimeSpan.FromSeconds(3) : null;
    private readonly TimeSpan? _setEvery = polled ? TimeSpan.FromSeconds(20) : null;

    /// <summary>The tables of the device; MEDIBUS.X until it has said who it is.</summary>
    private MedibusNomenclature _names = MedibusNomenclature.MedibusX;
    private DeviceIdentity? _device;

    /// <summary>Marks of all that is measured.</summary>
    public Validity Validity => _texts.Validity;

    /// <summary>Whether responses with this echo hold slow data.</summary>
    public static bool Knows(byte echo) =>
        echo is (>= MedibusCode.AlarmsCodepage3 and <= MedibusCode.AlarmsCodepage2) or MedibusCode.DeviceSpecific;

    /// <summary>Reads a response that it <see cref="Knows"/>.</summary>
    public void Take(byte echo, ReadOnlySpan<byte> payload, long offset, IDriverOutput output)
    {
        int rest = 0;
        switch (echo)
        {
            case MedibusCode.MeasuredCodepage1:
                TakeMeasured(1, payload, limit: string.Empty, out rest, output);
                break;
            case MedibusCode.MeasuredCodepage2:
                TakeMeasured(2, payload, limit: string.Empty, out rest, output);
                break;
            case MedibusCode.LowLimitsCodepage1:
                TakeMeasured(1, payload, "low", out rest, output);
                break;
            case MedibusCode.HighLimitsCodepage1:
                TakeMeasured(1, payload, "high", out rest, output);
                break;
            case MedibusCode.LowLimitsCodepage2:
                TakeMeasured(2, payload, "low", out rest, output);
                break;
            case MedibusCode.HighLimitsCodepage2:
                TakeMeasured(2, payload, "high", out rest, output);
                break;
            case MedibusCode.Settings:
                TakeSettings(payload, out rest, output);
                break;
            case MedibusCode.AlarmsCodepage1:
                _alarms.Take(1, Messages.ReadAlarms(payload, out rest), _names, output);
                break;
            case MedibusCode.AlarmsCodepage2:
                _alarms.Take(2, Messages.ReadAlarms(payload, out rest), _names, output);
                break;
            case MedibusCode.AlarmsCodepage3:
                _alarms.Take(3, Messages.ReadAlarms(payload, out rest), _names, output);
                break;
            case MedibusCode.Texts:
                _texts.Take(Messages.ReadTexts(payload, out rest), _names, output);
                TellDemo(output);
                break;
            case MedibusCode.DateTime:
                rest = TakeDateTime(payload, output);
                break;
            case MedibusCode.DeviceSpecific:
                TakeOwnState(payload, output);
                break;
        }

        if (rest > 0)
        {
            output.Report(new DeviceEvent.Fault($"{rest} bytes of response {echo:X2}H are no whole record", offset));
        }
    }

    /// <summary>The device said who it is.</summary>
    public void Meet(Identification device, IDriverOutput output)
    {
        var names = MedibusNomenclature.Of(device.Family);
        var identity = new DeviceIdentity
        {
            Manufacturer = "Dräger",
            Model = device.Name,
            Firmware = device.Revision,
            Protocol = $"{(device.Family == CodeFamily.MedibusX ? "MEDIBUS.X" : "MEDIBUS")} {device.Protocol}".TrimEnd(),
            Demo = _texts.Validity.HasFlag(Validity.DemoData),
        };
        identity = identity with
        {
            Properties = identity.Properties
                .Add("id", device.Number)
                .Add("code-table", device.IsKnown ? "known by id" : "assumed from the protocol revision"),
        };
        if (_device is not null && (_device.Model, _device.Properties["id"]) != (identity.Model, device.Number))
        {
            _alarms.EndAll(_names, output);
            _shown.Clear();
        }

        _names = names;
        _device = identity;
        output.Report(new DeviceEvent.Identity(identity));
    }

    /// <summary>A new conversation: states are told anew. Alarms go on, for the lists will say how they changed.</summary>
    public void Forget()
    {
        _texts.Forget();
        _ownStates.Clear();
    }

    private void TakeMeasured(int codepage, ReadOnlySpan<byte> payload, string limit, out int rest, IDriverOutput output)
    {
        string list = $"CP{codepage}";
        SignalKind kind = limit.Length == 0 ? SignalKind.Numeric : SignalKind.Setting;
        MedibusNomenclature names = _names;
        TakeFields(
            list + limit,
            Messages.ReadFields(payload, Messages.ValueWidth, out rest),
            code => (names.Measured(codepage, code), list, kind, limit),
            output);
    }

    private void TakeSettings(ReadOnlySpan<byte> payload, out int rest, IDriverOutput output)
    {
        MedibusNomenclature names = _names;
        TakeFields(
            "SET",
            Messages.ReadFields(payload, Messages.SettingWidth, out rest),
            code => (names.Setting(code), "SET", SignalKind.Setting, string.Empty),
            output);
    }

    private void TakeFields(
        string list,
        List<FieldRecord> fields,
        Func<byte, (CodeRow Row, string List, SignalKind Kind, string Limit)> rowOf,
        IDriverOutput output)
    {
        var now = new HashSet<Metric>();
        foreach (FieldRecord field in fields)
        {
            (CodeRow row, string name, SignalKind kind, string limit) = rowOf(field.Code);
            Metric metric = MedibusNomenclature.MetricOf(row, name, kind, limit) with
            {
                ExpectedEvery = kind == SignalKind.Numeric ? _measuredEvery : _setEvery,
            };
            if (field.Value is not Fixed value || row.IsDigits)
            {
                // Not a number: told in the device's own characters, beside the numbers this code may have at other times.
                metric = metric with { Kind = SignalKind.Text, Channel = "text", Unit = string.Empty };
                Describe(metric, output);
                output.Report(new DeviceEvent.Text(metric, field.Text.Trim()) { Code = field.Code, Validity = Validity });
            }
            else if (!now.Contains(metric))
            {
                Describe(metric, output);
                Fixed shown = value with { Exponent = (sbyte)(value.Exponent + row.Shift) };
                output.Report(new DeviceEvent.Numeric(metric, shown) { Validity = Validity });
            }

            now.Add(metric);
        }

        TellGone(list, now, output);
    }

    private void TellGone(string list, HashSet<Metric> now, IDriverOutput output)
    {
        if (_shown.TryGetValue(list, out HashSet<Metric>? before))
        {
            foreach (Metric gone in before)
            {
                if (now.Contains(gone))
                {
                    continue;
                }

                output.Report(gone.Kind == SignalKind.Text
                    ? new DeviceEvent.Text(gone, string.Empty) { Validity = Validity.NotAvailable }
                    : new DeviceEvent.Numeric(gone, Value: null) { Validity = Validity.NotAvailable });
            }
        }

        _shown[list] = now;
    }

    private void Describe(Metric metric, IDriverOutput output)
    {
        if (_described.Add(metric))
        {
            output.Report(new DeviceEvent.Descriptor(metric));
        }
    }

    private static int TakeDateTime(ReadOnlySpan<byte> payload, IDriverOutput output)
    {
        if (payload.IsEmpty)
        {
            return 0;
        }

        if (Messages.ReadDateTime(payload) is not DateTime wall)
        {
            return payload.Length;
        }

        output.Report(new DeviceEvent.WallClock(wall, At: null));
        return 0;
    }

    /// <summary>The response to 6AH repeats the question; the Evita family answers 2, 3, 4 and 5 (sheet 11).</summary>
    private void TakeOwnState(ReadOnlySpan<byte> payload, IDriverOutput output)
    {
        if (payload.IsEmpty)
        {
            return;
        }

        string name = (char)payload[0] switch
        {
            '2' => "keys",
            '3' => "version",
            '4' => "patient type",
            '5' => "channel",
            _ => string.Empty,
        };
        string answer = Encoding.ASCII.GetString(payload[1..]).Trim();
        string value = payload[0] == '2' ? KeysOf(answer) : answer;
        if (name.Length == 0 || (_ownStates.TryGetValue(payload[0], out string? before) && before == value))
        {
            return;
        }

        _ownStates[payload[0]] = value;
        Metric metric = MedibusNomenclature.Named(MedibusNomenclature.RawId("6A", payload[0], name), SignalKind.Text, name) with
        {
            DeviceCode = MedibusNomenclature.DeviceCode("6A", payload[0]),
        };
        Describe(metric, output);
        output.Report(new DeviceEvent.Text(metric, value));
    }

    /// <summary>Two digits a key; a key that is not in the sheet stays a number.</summary>
    private static string KeysOf(string codes)
    {
        var keys = new List<string>();
        for (int i = 0; i + 2 <= codes.Length; i += 2)
        {
            string code = codes.Substring(i, 2);
            keys.Add(code switch
            {
                "32" => "alarm silence",
                "33" => "nebuliser",
                "34" => "display stop",
                "35" => "O2 calibration",
                "36" => "O2 monitoring off",
                "37" => "suction",
                "38" => "flow calibration",
                "39" => "CO2 calibration or zero",
                "40" => "flow monitoring",
                "41" => "FiO2 monitoring",
                "42" => "SpO2",
                "43" => "CO2",
                "44" => "paediatric flow monitoring",
                _ => string.Create(CultureInfo.InvariantCulture, $"key {code}"),
            });
        }

        return string.Join(", ", keys);
    }

    private void TellDemo(IDriverOutput output)
    {
        bool demo = _texts.Validity.HasFlag(Validity.DemoData);
        if (_device is not null && _device.Demo != demo)
        {
            _device = _device with { Demo = demo };
            output.Report(new DeviceEvent.Identity(_device));
        }
    }
}
