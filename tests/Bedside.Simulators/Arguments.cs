using System.Globalization;
using System.Net;
using Bedside.Model;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Transports;

namespace Bedside.Simulators;

/// <summary>A command line that cannot be understood; the message says why, in a sentence.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>The command line after the device's name: the options all devices have, and those of the device by name.</summary>
public sealed class Arguments
{
    private static readonly DeviceOption[] Shared =
    [
        new("pty", Argument: null, "serve on a new pseudo-terminal"),
        new("tcp", "ADDR:PORT", "listen for one TCP client at a time; port 0 is any"),
        new("udp", "ADDR:PORT", "serve on a UDP socket; port 0 is any"),
        new("link", "PATH", "make a symbolic link to the pseudo-terminal, removed at the end"),
        new("line", "SETTINGS", "speed and frame of the line, such as 19200,8E1: a reader with another speed or parity gets what a wrong one gives"),
        new("baud", "N", "speed alone: the parity counts only for a reader that has checked one"),
        new("any-baud", Argument: null, "hear and be heard whatever the reader sets; otherwise a wrong speed gives garbage"),
        new("seed", "N", "which patient (1 unless given)"),
        new("epoch", "UTC", "when the patient's time begins (2024-01-01T00:00:00Z unless given)"),
        new("fault", "NAME[@SECONDS[+DURATION]]", "make something go wrong; may be repeated"),
        new("until-stdin-closes", Argument: null, "end when standard input does"),
    ];

    private readonly Dictionary<string, List<string>> _values = [];

    private Arguments()
    {
    }

    public static IReadOnlyList<DeviceOption> SharedOptions => Shared;

    public Transport Transport { get; private set; }

    /// <summary>Where to listen; null on a pty.</summary>
    public IPEndPoint? Listen { get; private set; }

    /// <summary>Speed and frame of the line.</summary>
    public LineFormat Line { get; private set; } = new(9_600);

    public int Baud => Line.Baud;

    /// <summary>The speed at which ten bits a byte would take as long.</summary>
    public int PacedBaud => Line.Baud * 10 / Line.BitsPerByte;

    /// <summary>Which of the reader's settings must be the device's.</summary>
    public LineCheck LineCheck => Has("any-baud") ? LineCheck.Nothing : Has("line") ? LineCheck.SpeedAndParity : LineCheck.Speed;

    public long Seed { get; private set; } = 1;

    public UtcInstant Epoch { get; private set; } = Patient.DefaultEpoch;

    /// <summary>Reads the options after the device's name.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its argument, or makes no sense.</exception>
    public static Arguments Parse(DeviceKind kind, IReadOnlyList<string> words)
    {
        var arguments = new Arguments();
        for (int at = 0; at < words.Count; at++)
        {
            string[] parts = words[at].Split('=', 2);
            DeviceOption option = Find(kind, parts[0]);
            string value = string.Empty;
            if (option.Argument is null)
            {
                Require(parts.Length == 1, $"--{option.Name} takes no value");
            }
            else if (parts.Length == 2)
            {
                value = parts[1];
            }
            else
            {
                at++;
                Require(at < words.Count, $"--{option.Name} needs {option.Argument}");
                value = words[at];
            }

            if (!arguments._values.TryGetValue(option.Name, out List<string>? values))
            {
                arguments._values[option.Name] = values = [];
            }

            values.Add(value);
        }

        arguments.Interpret(kind);
        return arguments;
    }

    public bool Has(string option) => _values.ContainsKey(option);

    /// <summary>The last value given, or null.</summary>
    public string? Value(string option) => _values.TryGetValue(option, out List<string>? values) ? values[^1] : null;

    public IReadOnlyList<string> Values(string option) => _values.TryGetValue(option, out List<string>? values) ? values : [];

    /// <summary>The last value given, as a number.</summary>
    /// <exception cref="UsageException">The value is not a number.</exception>
    public double Number(string option, double otherwise)
    {
        if (Value(option) is not { } text)
        {
            return otherwise;
        }

        Require(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number), $"--{option} needs a number, not '{text}'");
        return number;
    }

    /// <summary>Reads ADDR:PORT.</summary>
    /// <exception cref="UsageException">It is not an address and a port.</exception>
    public static IPEndPoint Address(string option, string text)
    {
        bool read = IPEndPoint.TryParse(text, out IPEndPoint? address) && text.Contains(':', StringComparison.Ordinal);
        Require(read, $"--{option} needs an address and a port such as 127.0.0.1:0, not '{text}'");
        return address!; // Require has refused null.
    }

    private static DeviceOption Find(DeviceKind kind, string word)
    {
        string name = word.StartsWith("--", StringComparison.Ordinal) ? word[2..] : string.Empty;
        return Shared.FirstOrDefault(o => o.Name == name)
            ?? kind.Options.FirstOrDefault(o => o.Name == name)
            ?? throw new UsageException($"'{word}' is not an option of {kind.Name}");
    }

    private void Interpret(DeviceKind kind)
    {
        Transport[] chosen = [.. ((Transport[])[Transport.Pty, Transport.Tcp, Transport.Udp]).Where(t => Has(Word(t)))];
        Require(chosen.Length == 1, "say where to serve: one of --pty, --tcp ADDR:PORT, --udp ADDR:PORT");
        Transport = chosen[0];
        Require(kind.Transports.HasFlag(Transport), $"{kind.Name} is not reached by --{Word(Transport)}");
        Listen = Transport is Transport.Pty ? null : Address(Word(Transport), Value(Word(Transport)) ?? string.Empty);
        Require(Transport is Transport.Pty || !Has("link"), "--link goes with --pty");
        Require(!Has("baud") || !Has("line"), "--line says the speed too; leave out --baud");
        double baud = Number("baud", kind.Baud);
        string line = Value("line") ?? string.Create(CultureInfo.InvariantCulture, $"{baud:0} {kind.Frame}");
        var format = LineFormat.Parse(line);
        Require(format is not null, Has("line") ? $"--line needs settings such as 19200,8E1, not '{line}'" : "--baud is out of range");
        Line = format;
        Require(!Has("seed") || long.TryParse(Value("seed"), CultureInfo.InvariantCulture, out long _), "--seed needs a whole number");
        Seed = Has("seed") ? long.Parse(Value("seed") ?? string.Empty, CultureInfo.InvariantCulture) : 1;
        if (Value("epoch") is { } text)
        {
            Require(UtcInstant.TryParse(text, out UtcInstant epoch), $"--epoch needs a time such as 2026-01-01T00:00:00Z, not '{text}'");
            Epoch = epoch;
        }
    }

    private static string Word(Transport transport) => transport switch { Transport.Pty => "pty", Transport.Tcp => "tcp", _ => "udp" };

    private static void Require([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new UsageException(otherwise);
        }
    }
}
