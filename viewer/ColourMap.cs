using System.Collections.Immutable;
using System.Globalization;
using Bedside.Model.Settings;

namespace Bedside.Viewer;

/// <summary>
/// Default colour of each convention group of the nomenclature, all at 7:1 or better on black, and the rule for those that a ward chooses. Pure red, yellow and cyan
/// are the monitor's alarms' own; a trace is only ever a line, and its label always stands beside it.
/// </summary>
public static class ColourMap
{
    private const string Neutral = "#d0d0d0";
    private const double LeastContrast = 7;

    /// <summary>How pure and how bright a colour must be to be taken for an alarm's.</summary>
    private const double AlarmSaturation = 0.85;
    private const double AlarmValue = 0.75;
    private const double HueReach = 14;

    /// <summary>Hues of the alarms in degrees: red, yellow, cyan, and red again.</summary>
    private static readonly double[] AlarmHues = [0, 60, 180, 360];

    /// <summary>By group.</summary>
    public static ImmutableSortedDictionary<string, string> Defaults { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ecg"] = "#00e676",
        ["art"] = "#ff6b6b",
        ["cvp"] = "#7fb2ff",
        ["pap"] = "#ffd740",
        ["spo2"] = "#40e0ff",
        ["resp"] = "#ffffff",
        ["co2"] = "#ffcc80",
        ["vent-pressure"] = "#ffb4a2",
        ["vent-flow"] = "#cdbcff",
        ["vent-volume"] = "#cdbcff",
        ["icp"] = "#ff9cf0",
        ["nibp"] = "#ffffff",
        ["temp"] = "#b9f6ca",
        ["gas-o2"] = "#e8ffe8",
        ["gas-n2o"] = "#9cc4ff",
        ["hemo"] = "#ff9e80",
        ["neuro"] = "#d8b4ff",
        ["agent-des"] = "#8fb8ff",
        ["agent-sev"] = "#ffe082",
        ["agent-iso"] = "#d0a9ff",
        ["agent-hal"] = "#ff8a80",
        ["agent-enf"] = "#ffab66",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary><c>#rrggbb</c> of a group; the neutral grey where the nomenclature sets none.</summary>
    public static string Of(string group) => Defaults.GetValueOrDefault(group, Neutral);

    /// <summary>Why a ward cannot have this colour (<c>#rrggbb</c>) for a group; null = it can.</summary>
    public static SettingsFault? Refusal(string group, string colour)
    {
        string field = $"colours.{group}";
        if (!Defaults.ContainsKey(group))
        {
            return new SettingsFault(field, "Ce groupe de signaux n’existe pas.", "There is no such group of signals.");
        }

        if (colour.Length != 7 || colour[0] != '#' || !int.TryParse(colour.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb))
        {
            return new SettingsFault(field, "Une couleur s’écrit #00e676.", "Write a colour as #00e676.");
        }

        (double red, double green, double blue) = ((rgb >> 16) / 255.0, ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0);
        double contrast = (Luminance(red, green, blue) + 0.05) / 0.05;
        if (contrast < LeastContrast)
        {
            string said = Math.Floor(contrast * 10).ToString("0", CultureInfo.InvariantCulture);
            string tenths = said.Length == 1 ? $"0.{said}" : $"{said[..^1]}.{said[^1]}";
            return new SettingsFault(
                field,
                $"Trop sombre sur le noir : contraste {tenths.Replace('.', ',')} pour 1, il en faut 7.",
                $"Too dark on black: contrast {tenths} to 1, 7 is needed.");
        }

        return IsOfAlarms(red, green, blue)
            ? new SettingsFault(
                field,
                "Ce rouge, ce jaune ou ce cyan purs sont réservés aux alarmes du moniteur : prenez une teinte plus pâle.",
                "This pure red, yellow or cyan is kept for the monitor's alarms: take a paler one.")
            : null;
    }

    private static bool IsOfAlarms(double red, double green, double blue)
    {
        double most = Math.Max(red, Math.Max(green, blue));
        double spread = most - Math.Min(red, Math.Min(green, blue));
        if (most < AlarmValue || spread < AlarmSaturation * most)
        {
            return false;
        }

        double sixth = most == red ? (green - blue) / spread : most == green ? 2 + ((blue - red) / spread) : 4 + ((red - green) / spread);
        double hue = ((sixth * 60) + 360) % 360;
        return AlarmHues.Any(alarm => Math.Abs(hue - alarm) <= HueReach);
    }

    /// <summary>Relative luminance of WCAG 2.</summary>
    private static double Luminance(double red, double green, double blue)
    {
        return (0.2126 * Linear(red)) + (0.7152 * Linear(green)) + (0.0722 * Linear(blue));

        static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
