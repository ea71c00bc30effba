using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Host.Decoding;

/// <summary>One event of a driver as one line of JSON (design.md section 9).</summary>
internal sealed class EventJson(TextWriter output)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Writes <paramref name="said"/>; <paramref name="wall"/> gives the device's own time.</summary>
    public void Write(DeviceEvent said, DeviceWall wall)
    {
        using Utf8JsonWriter json = Begin();
        switch (said)
        {
            case DeviceEvent.Numeric numeric:
                WriteMetric(json, "numeric", numeric.Metric);
                WriteValue(json, numeric.Value);
                json.WriteString("unit", numeric.Metric.Unit);
                WriteTime(json, numeric.MeasuredAt ?? wall.Of(numeric.At), numeric.At);
                WriteValidity(json, numeric.Validity);
                break;
            case DeviceEvent.Samples samples:
                WriteSamples(json, samples, wall);
                break;
            case DeviceEvent.Text text:
                WriteMetric(json, "text", text.Metric);
                json.WriteString("value", text.Value);
                json.WriteNumber("value_code", text.Code);
                WriteTime(json, wall.Of(text.At), text.At);
                WriteValidity(json, text.Validity);
                break;
            case DeviceEvent.AlertSaid alert:
                WriteAlert(json, alert, wall);
                break;
            case DeviceEvent.Descriptor descriptor:
                WriteDescriptor(json, descriptor);
                break;
            case DeviceEvent.Identity identity:
                WriteIdentity(json, identity.Device);
                break;
            case DeviceEvent.Patient patient:
                json.WriteString("type", "patient");
                WriteFields(json, patient.Fields);
                break;
            default:
                WriteConversation(json, said, wall);
                break;
        }

        End(json);
    }

    /// <summary>Bytes that went to the device: recorded, or what the driver would have sent.</summary>
    public void WriteSend(ReadOnlySpan<byte> bytes)
    {
        using Utf8JsonWriter json = Begin();
        json.WriteString("type", "send");
        json.WriteString("hex", Convert.ToHexStringLower(bytes));
        End(json);
    }

    /// <summary>Something in the file itself that could not be read.</summary>
    public void WriteFault(string reason, long offset)
    {
        using Utf8JsonWriter json = Begin();
        json.WriteString("type", "fault");
        json.WriteString("reason", reason);
        json.WriteNumber("offset", offset);
        End(json);
    }

    private static void WriteConversation(Utf8JsonWriter json, DeviceEvent said, DeviceWall wall)
    {
        switch (said)
        {
            case DeviceEvent.Missing missing:
                json.WriteString("type", "gap");
                json.WriteString("signal", missing.Metric?.SignalId);
                json.WriteString("cause", Kebab(missing.Cause.ToString()));
                json.WriteNumber("count", missing.Count);
                WriteTime(json, wall.Of(missing.At), missing.At);
                break;
            case DeviceEvent.Fault fault:
                json.WriteString("type", "fault");
                json.WriteString("reason", fault.Reason);
                json.WriteNumber("offset", fault.Offset);
                break;
            case DeviceEvent.WallClock clock:
                json.WriteString("type", "clock");
                WriteTime(json, clock.Wall, clock.At);
                break;
            case DeviceEvent.ClockRestarted restarted:
                json.WriteString("type", "clock-restarted");
                json.WriteString("reason", restarted.Reason);
                break;
            case DeviceEvent.Link link:
                json.WriteString("type", "link");
                json.WriteBoolean("receiving", link.Receiving);
                json.WriteString("reason", link.Reason);
                break;
        }
    }

    private static void WriteSamples(Utf8JsonWriter json, DeviceEvent.Samples samples, DeviceWall wall)
    {
        WriteMetric(json, "waveform", samples.Metric);
        json.WriteStartArray("raw");
        foreach (int raw in samples.Raw.Span)
        {
            json.WriteNumberValue(raw);
        }

        json.WriteEndArray();
        WriteScale(json, samples.Scale);
        json.WriteString("unit", samples.Metric.Unit);
        WritePeriod(json, samples.Period);
        WriteTime(json, wall.Of(samples.At), samples.At);
        WriteValidity(json, samples.Validity);
        if (!samples.Runs.IsDefaultOrEmpty)
        {
            json.WriteStartArray("runs");
            foreach (ValidityRun run in samples.Runs)
            {
                json.WriteStartObject();
                json.WriteNumber("start", run.Start);
                json.WriteNumber("length", run.Length);
                WriteValidity(json, run.Validity);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    private static void WriteAlert(Utf8JsonWriter json, DeviceEvent.AlertSaid said, DeviceWall wall)
    {
        Alert alert = said.Alert;
        json.WriteString("type", "alert");
        json.WriteString("phase", Kebab(alert.Phase.ToString()));
        json.WriteString("priority", Kebab(alert.Priority.ToString()));
        json.WriteBoolean("technical", alert.Technical);
        json.WriteString("text", alert.Text);
        json.WriteNumber("code", alert.Code);
        json.WriteString("code_name", alert.CodeName);
        json.WriteString("source", alert.Source);
        json.WriteString("key", alert.Key);
        json.WriteBoolean("silenced", alert.Silenced);
        json.WriteBoolean("latched", alert.Latched);
        json.WriteBoolean("inhibited", alert.Inhibited);
        WriteTime(json, wall.Of(said.At), said.At);
    }

    private static void WriteDescriptor(Utf8JsonWriter json, DeviceEvent.Descriptor descriptor)
    {
        WriteMetric(json, "descriptor", descriptor.Metric);
        json.WriteString("kind", Kebab(descriptor.Metric.Kind.ToString()));
        json.WriteString("unit", descriptor.Metric.Unit);
        json.WriteString("label", descriptor.Metric.Label);
        if (descriptor.Period is { } period)
        {
            WritePeriod(json, period);
            WriteScale(json, descriptor.Scale);
        }
    }

    private static void WriteIdentity(Utf8JsonWriter json, DeviceIdentity device)
    {
        json.WriteString("type", "device");
        json.WriteString("manufacturer", device.Manufacturer);
        json.WriteString("model", device.Model);
        json.WriteString("serial_number", device.SerialNumber);
        json.WriteString("firmware", device.Firmware);
        json.WriteString("protocol", device.Protocol);
        json.WriteBoolean("demo", device.Demo);
        json.WriteBoolean("experimental", device.IsExperimental);
        WriteFields(json, device.Properties);
    }

    private static void WriteFields(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> fields)
    {
        json.WriteStartObject("fields");
        foreach ((string name, string value) in fields)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteMetric(Utf8JsonWriter json, string type, Metric metric)
    {
        json.WriteString("type", type);
        json.WriteString("signal", metric.SignalId);
        json.WriteNumber("code", metric.Code);
        json.WriteString("code_name", metric.CodeName);
        json.WriteString("device_code", metric.DeviceCode);
        if (metric.Channel.Length > 0)
        {
            json.WriteString("channel", metric.Channel);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, Fixed? value)
    {
        if (value is { } number)
        {
            json.WritePropertyName("value");
            json.WriteRawValue(number.ToString());
        }
        else
        {
            json.WriteNull("value");
        }
    }

    private static void WriteScale(Utf8JsonWriter json, Scale? scale)
    {
        if (scale is { } known)
        {
            json.WriteStartObject("scale");
            json.WriteNumber("gain", known.Gain);
            json.WriteNumber("offset", known.Offset);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("scale");
        }
    }

    /// <summary>Microseconds; with a fraction where the period is no whole number of them.</summary>
    private static void WritePeriod(Utf8JsonWriter json, SamplePeriod period) =>
        json.WriteNumber("period_us", period.Numerator * 1_000_000m / period.Denominator);

    private static void WriteTime(Utf8JsonWriter json, DateTime? time, DeviceTicks? ticks)
    {
        json.WriteString("device_time", time?.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture));
        if (ticks is { } known)
        {
            json.WriteNumber("device_ticks", known.Counter);
        }
    }

    private static void WriteValidity(Utf8JsonWriter json, Validity validity)
    {
        json.WriteStartArray("validity");
        foreach (string name in validity.Names())
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }

    private static string Kebab(string pascal) => JsonNamingPolicy.KebabCaseLower.ConvertName(pascal);

    private Utf8JsonWriter Begin()
    {
        _line.ResetWrittenCount();
        var json = new Utf8JsonWriter(_line, Options);
        json.WriteStartObject();
        return json;
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan));
    }
}
