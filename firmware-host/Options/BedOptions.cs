using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Host.Commands;
using Bedside.Model;

namespace Bedside.Host.Options;

/// <summary>What a site tells a box (<c>bedside run --config FILE</c>, JSON); everything has a default that works.</summary>
internal sealed class BedOptions
{
    /// <summary>Name of the bed, as staff say it.</summary>
    public string Bed { get; set; } = "1";

    /// <summary>IANA zone of the ward.</summary>
    public string TimeZone { get; set; } = "Europe/Paris";

    /// <summary>Language of the screen until someone touches it: <c>fr</c> or <c>en</c>.</summary>
    public string Language { get; set; } = "fr";

    /// <summary>File of the box key; empty = where the command line says, or its default.</summary>
    public string BoxKey { get; set; } = string.Empty;

    /// <summary>Null = the default.</summary>
    [JsonIgnore]
    public FileInfo? KeyFile => BoxKey.Length == 0 ? null : new FileInfo(BoxKey);

    /// <summary>Local time at which the ward's day of charting begins: <c>07:00</c>.</summary>
    public string DayStart { get; set; } = "07:00";

    /// <summary>Units in which values are shown: bodyPressure, airwayPressure, gasPressure, temperature.</summary>
    public WardUnits Units { get; set; } = new();

    /// <summary>Colours (<c>#rrggbb</c>) of groups of signals that differ from the default.</summary>
    public IReadOnlyDictionary<string, string> Colours { get; set; } = new Dictionary<string, string>();

    /// <summary>What a power cut may cost: <c>1s</c>, or <c>10s</c> with half the wear of the disk.</summary>
    public string Durability { get; set; } = Options.Durability.Default;

    /// <summary>How long the box keeps what.</summary>
    public RetentionSettings Retention { get; set; } = new();

    /// <summary>Room for the raw bytes of every port: <c>500 MB</c>, <c>8 GB</c>; <c>0</c> = they are not kept; empty = 2 GB, but no more than 1/16 of the disk.</summary>
    public string Evidence { get; set; } = string.Empty;

    /// <summary>HL7 that comes in over MLLP.</summary>
    public Hl7Options Hl7 { get; set; } = new();

    /// <summary>HL7 that goes out.</summary>
    public Hl7OutOptions Hl7Out { get; set; } = new();

    /// <summary>The other beds of the ward, and whether this one is given to them.</summary>
    [JsonPropertyName("ward")]
    public WardOptions WardPage { get; set; } = new();

    /// <summary>Where the screen is also offered over TLS, <c>ADDR:PORT</c> or <c>*:PORT</c>; empty = on the loopback alone.</summary>
    public string Listen { get; set; } = string.Empty;

    /// <summary>Who lies in the bed, and when that becomes doubtful.</summary>
    public StayOptions Stays { get; set; } = new();

    /// <summary>Studies of research.</summary>
    public ResearchOptions Research { get; set; } = new();

    /// <summary>What the site wants of people who decide.</summary>
    public PeopleSettings People { get; set; } = new();

    /// <summary>How long settings with other ports are on trial before they go by themselves.</summary>
    public double SettingsTrialSeconds { get; set; } = 60;

    /// <summary>The file as it was read; null = there is none.</summary>
    [JsonIgnore]
    public string? Text { get; private set; }

    /// <summary>Socket of <c>bedside talker</c>, which opens the serial ports; empty = this program does.</summary>
    public string Talker { get; set; } = string.Empty;

    /// <summary>Ports that carry something; empty = every serial port of the box is listened to and recognised.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IList<PortSettings> Ports { get; } = [];

    /// <summary>Experimental drivers that the site turns on, by name; empty = none is there.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IList<string> Experimental { get; } = [];

    /// <summary>What of it the ward says of its bed and of how it reads values.</summary>
    public WardSettings Ward() => new()
    {
        Bed = Bed,
        TimeZone = TimeZone,
        Language = Language,
        DayStart = TimeOnly.ParseExact(DayStart, "HH:mm", CultureInfo.InvariantCulture),
        Units = Units,
        Colours = Colours.ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    /// <summary>Reads and checks a file; the sentence of the failure names the field.</summary>
    public static BedOptions Read(string path)
    {
        BedOptions options;
        try
        {
            string text = File.ReadAllText(path);
            options = JsonSerializer.Deserialize(text, BedOptionsJson.Default.BedOptions)
                ?? throw new CommandFailedException($"{path} is empty; leave it out or write {{}}.");
            options.Text = text;
        }
        catch (JsonException wrong)
        {
            throw new CommandFailedException($"{path} is not valid: {wrong.Message}");
        }
        catch (IOException wrong)
        {
            throw new CommandFailedException($"{path} cannot be read: {wrong.Message}");
        }

        options.Check(path);
        return options;
    }

    private void Check(string path)
    {
        if (!TimeOnly.TryParseExact(DayStart, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            throw new CommandFailedException($"{path}: dayStart {DayStart} is no time; write it as 07:00.");
        }

        if (People.Fault is string people)
        {
            throw new CommandFailedException($"{path}: {people}");
        }

        if (SettingsTrialSeconds is not (>= 2 and <= 600))
        {
            throw new CommandFailedException($"{path}: settingsTrialSeconds is 2 to 600 seconds.");
        }

        if (Ward().Fault() is string fault)
        {
            throw new CommandFailedException($"{path}: {fault}");
        }

        if (Colours.Select(pair => Viewer.ColourMap.Refusal(pair.Key, pair.Value)).FirstOrDefault(refusal => refusal is not null) is { } refused)
        {
            throw new CommandFailedException($"{path}: {refused.Field}: {refused.English}");
        }

        if (Options.Durability.Parse(Durability) is null)
        {
            throw new CommandFailedException(Options.Durability.Refusal(path, Durability));
        }

        _ = Retention.ToOptions(path);
        _ = ExperimentalDrivers.Checked([.. Experimental], path);
        _ = EvidenceBudget.ToOptions(Evidence, path, EvidenceBudget.AnyDisk);
        Hl7.Check(path);
        _ = Stays.ToSettings(path);
        _ = Research.ToSettings(path, TimeZone);
        WardPage.Check(path);
        if (Listen.Length > 0)
        {
            _ = ListenPlace.Parse(Listen, path);
        }

        foreach (PortSettings port in Ports)
        {
            port.Check(path);
        }
    }
}

/// <summary>One port of the box and, where the site pins it, what it carries.</summary>
internal sealed class PortSettings
{
    /// <summary>A tty (<c>/dev/serial/by-path/…</c>); or empty for the network.</summary>
    public string Serial { get; set; } = string.Empty;

    /// <summary>ADDR:PORT of a device on the network (UDP); or empty.</summary>
    public string Udp { get; set; } = string.Empty;

    /// <summary>ADDR:PORT of a device on the network that waits to be called (TCP); or empty.</summary>
    public string Tcp { get; set; } = string.Empty;

    /// <summary>Unit of pressures that is set on a device which does not tell it: <c>mm[Hg]</c> or <c>kPa</c>; empty = not known.</summary>
    public string PressureUnit { get; set; } = string.Empty;

    /// <summary>Likewise of temperatures: <c>Cel</c> or <c>[degF]</c>.</summary>
    public string TemperatureUnit { get; set; } = string.Empty;

    /// <summary>Pinned driver; empty = recognise.</summary>
    public string Driver { get; set; } = string.Empty;

    /// <summary>Pinned line settings (<c>19200 8E1</c>); empty = the driver's, tried in order.</summary>
    public string Line { get; set; } = string.Empty;

    /// <summary>True = open for reading only: another system polls.</summary>
    public bool ListenOnly { get; set; }

    /// <summary>As sentences name it.</summary>
    [JsonIgnore]
    public string Place => Serial.Length > 0 ? Serial : Udp.Length > 0 ? Udp : Tcp;

    /// <summary>What the command line says: <c>PATH[=DRIVER[,LINE]]</c>.</summary>
    public static PortSettings ParseSerial(string text)
    {
        (string path, string driver, string line) = Split(text);
        return new PortSettings { Serial = path, Driver = driver, Line = line };
    }

    /// <summary>What the command line says: <c>ADDR:PORT[=DRIVER]</c>.</summary>
    public static PortSettings ParseUdp(string text)
    {
        (string address, string driver, _) = Split(text);
        return new PortSettings { Udp = address, Driver = driver.Length == 0 ? "philips-intellivue" : driver };
    }

    /// <summary>What the command line says: <c>ADDR:PORT[=DRIVER]</c>.</summary>
    public static PortSettings ParseTcp(string text)
    {
        (string address, string driver, _) = Split(text);
        return new PortSettings { Tcp = address, Driver = driver.Length == 0 ? "mindray-pds" : driver };
    }

    public void Check(string source)
    {
        if ((Serial.Length > 0 ? 1 : 0) + (Udp.Length > 0 ? 1 : 0) + (Tcp.Length > 0 ? 1 : 0) != 1)
        {
            throw new CommandFailedException($"{source}: a port needs one of serial, udp and tcp.");
        }

        if (Tcp.Length > 0 && !System.Net.IPEndPoint.TryParse(Tcp, out _))
        {
            throw new CommandFailedException($"{source}: {Tcp} is no address and port; write it as 192.0.2.7:4601.");
        }

        if (PressureUnit is not ("" or "mm[Hg]" or "kPa") || TemperatureUnit is not ("" or "Cel" or "[degF]"))
        {
            throw new CommandFailedException($"{source}: pressureUnit is mm[Hg] or kPa, temperatureUnit is Cel or [degF].");
        }

        if (Driver.Length > 0 && Ingest.Drivers.DriverCatalog.ByName(Driver) is null)
        {
            throw new CommandFailedException($"{source}: there is no driver {Driver}; known are {ExperimentalDrivers.Known}.");
        }

        if (Line.Length > 0 && Ingest.Drivers.LineSettings.Parse(Line) is null)
        {
            throw new CommandFailedException($"{source}: line {Line} is not understood; write it as 19200 8E1.");
        }
    }

    private static (string Place, string Driver, string Line) Split(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return (text, string.Empty, string.Empty);
        }

        string[] rest = text[(equals + 1)..].Split(',', 2, StringSplitOptions.TrimEntries);
        return (text[..equals], rest[0], rest.Length > 1 ? rest[1] : string.Empty);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BedOptions))]
internal sealed partial class BedOptionsJson : JsonSerializerContext;
