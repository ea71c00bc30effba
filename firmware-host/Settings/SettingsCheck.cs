using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Model;
using Bedside.Model.Settings;
using Bedside.Viewer;

namespace Bedside.Host.Settings;

/// <summary>What is wrong with settings, field by field, in both languages.</summary>
internal static class SettingsCheck
{
    private const int MostPorts = 32;
    private const int LongestPlace = 256;

    /// <summary>What cannot be put into effect, field by field.</summary>
    /// <param name="settings">What is checked.</param>
    /// <param name="pinned">What the configuration says.</param>
    public static IReadOnlyList<SettingsFault> Faults(BoxSettings settings, PinnedSettings pinned)
    {
        var faults = new List<SettingsFault>();
        WardSettings ward = settings.Ward;
        Check(faults, "bed", "Le nom du lit a 64 caractères au plus, tous imprimables.", new WardSettings { Bed = ward.Bed });
        Check(faults, "timeZone", "Ce fuseau horaire n’est pas connu : écrivez par exemple Europe/Paris.", new WardSettings { TimeZone = ward.TimeZone });
        Check(faults, "language", "La langue est fr ou en.", new WardSettings { Language = ward.Language });
        Check(faults, "units", "Cette unité n’est pas de celles que le boîtier affiche.", new WardSettings { Units = ward.Units });
        faults.AddRange(ward.Colours.Select(pair => ColourMap.Refusal(pair.Key, pair.Value)).OfType<SettingsFault>());
        if (settings.Ports.Length > MostPorts)
        {
            faults.Add(new SettingsFault("ports", $"{MostPorts} ports au plus.", $"{MostPorts} ports at most."));
        }

        foreach (PortPin pin in settings.Ports.Take(MostPorts))
        {
            if (FaultOf(pin, pinned) is { } fault)
            {
                faults.Add(fault);
            }
            else if (settings.Ports.Where(other => other.Place == pin.Place).Skip(1).Any())
            {
                faults.Add(new SettingsFault($"ports.{pin.Place}", "Ce port est indiqué deux fois.", "This port stands there twice."));
            }
        }

        faults.AddRange(pinned.Broken(settings).Select(field => new SettingsFault(
            field,
            "Fixé par la configuration du boîtier : ne se change pas ici.",
            "Set by the configuration of the box: it cannot be changed here.")));
        return faults;
    }

    private static void Check(List<SettingsFault> faults, string field, string french, WardSettings onlyThat)
    {
        if (onlyThat.Fault() is { } english)
        {
            int end = english.IndexOf(' ', StringComparison.Ordinal);
            faults.Add(new SettingsFault(english.StartsWith("units.", StringComparison.Ordinal) ? english[..end] : field, french, english));
        }
    }

    private static SettingsFault? FaultOf(PortPin pin, PinnedSettings pinned)
    {
        string field = $"ports.{pin.Place}";
        if (pin.Place.Length > LongestPlace || pin.Place.Any(char.IsControl))
        {
            return new SettingsFault("ports", "Le chemin de ce port est trop long.", "The path of this port is too long.");
        }

        if (pin.Serial.Length > 0 && !Path.IsPathRooted(pin.Serial))
        {
            return new SettingsFault(field, "Un port série est un chemin complet, comme /dev/ttyUSB0.", "A serial port is a whole path, like /dev/ttyUSB0.");
        }

        string network = pin.Udp + pin.Tcp;
        if (network.Length > 0 && !(System.Net.IPEndPoint.TryParse(network, out System.Net.IPEndPoint? address) && address.Port > 0))
        {
            return new SettingsFault(field, "Écrivez l’adresse et le port comme 192.0.2.7:24105.", "Write address and port as 192.0.2.7:24105.");
        }

        if (pin.Serial.Length == 0 && pin.Driver.Length == 0)
        {
            return new SettingsFault(field, "Sur le réseau, il faut dire quel pilote.", "On a network it must be said which driver.");
        }

        try
        {
            PortSettings port = PinnedSettings.ToPort(pin);
            port.Check(field);
            ExperimentalDrivers.CheckPins([port], pinned.Experimental);
            return null;
        }
        catch (CommandFailedException wrong)
        {
            return new SettingsFault(field, "Ce pilote n’est pas connu ou pas autorisé ici, ou la ligne n’est pas écrite comme 19200 8E1.", wrong.Message);
        }
    }
}
