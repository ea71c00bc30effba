using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// What the ventilator's answers mean, whoever asked: they say nothing of their question, so the last command on the line tells how an answer is read.
/// </summary>
internal sealed class Listening(Configuration configuration, Readings readings)
{
    private const int FirstWithSettings75 = 3;

    private string _product = string.Empty;
    private string _serial = string.Empty;
    private bool _internalError;
    private int _highest;

    /// <summary>The version of the protocol in force; 0 = not told.</summary>
    public int Version { get; private set; }

    /// <summary>The highest version that both know.</summary>
    public int BestVersion => Math.Clamp(_highest, 1, Outgoing.NewestVersion);

    /// <summary>How many settings the version in force can send.</summary>
    public int MostSettings => Version >= FirstWithSettings75 ? Outgoing.MostSettings : Outgoing.MostSettingsBeforeVersion3;

    /// <summary>Takes a good answer. False when it is not what the command asks for.</summary>
    public bool Take(string command, string body, DeviceTicks? at, IDriverOutput output)
    {
        switch (command)
        {
            case "HO":
                configuration.Clear();
                return body == "900PCI";
            case "RCTY":
                return Enter(body, output);
            case "RHVE":
                return ThreeDigits(body, out _highest);
            case "RPVE":
                return ThreeDigits(body, out int version) && TakeVersion(version, output);
            case "RCCO":
                return TakeScales(body);
            case "RSEN":
                _serial = body;
                Introduce(output);
                return true;
            case "RTIM":
                return TakeTime(body, output);
            case "RSTI":
                return ThreeDigits(body, out int milliseconds) && TakeSampling(milliseconds);
            case "RDAD":
                return configuration.ReadAll(body);
            default:
                return TakeOther(command, body, at, output);
        }
    }

    private bool TakeOther(string command, string body, DeviceTicks? at, IDriverOutput output)
    {
        if (command.StartsWith("SPVE", StringComparison.Ordinal))
        {
            configuration.Clear();
            return body == "*" && ThreeDigits(command[4..], out int version) && TakeVersion(version, output);
        }

        if (command.StartsWith("SDAD", StringComparison.Ordinal) && command.Length > 4)
        {
            return body == "*" && configuration.Choose(command[4], command[5..]);
        }

        if (command.StartsWith("SSMP", StringComparison.Ordinal))
        {
            // Odd times are made even, and less than 10 ms becomes 10 ms.
            return body == "*" && ThreeDigits(command[4..], out int milliseconds) && TakeSampling(Math.Max(10, milliseconds - (milliseconds % 2)));
        }

        return TakeData(command, body, at, output);
    }

    private bool TakeData(string command, string body, DeviceTicks? at, IDriverOutput output)
    {
        switch (command)
        {
            case "RADAB" when Messages.ReadValues(body, configuration.Breath.Count) is { } breath:
                readings.TakeBreath(configuration.Breath, breath, trend: false, at, output);
                return true;
            case "RADAS" when Messages.ReadValues(body, configuration.Settings.Count) is { } settings:
                readings.TakeSettings(configuration.Settings, settings, at, output);
                return true;
            case "RADAE" or "RADAA" when Messages.ReadStates(body, configuration.Alarms.Count) is { } states:
                readings.TakeAlarms(configuration.Alarms, states, at, output);
                return true;
            default:
                return command is not ("RADAB" or "RADAS" or "RADAE" or "RADAA");
        }
    }

    /// <summary>Entering the extended mode forgets all choices and the version.</summary>
    private bool Enter(string body, IDriverOutput output)
    {
        configuration.Clear();
        if (Messages.ReadProduct(body) is not { } product)
        {
            return false;
        }

        if (_product.Length > 0 && _product != product.Name)
        {
            readings.EndAll(output);
            _serial = string.Empty;
        }

        (_product, _internalError) = product;
        Version = 1;
        Introduce(output);
        return true;
    }

    private bool TakeVersion(int version, IDriverOutput output)
    {
        bool changed = Version != version;
        Version = version;
        if (changed)
        {
            // Gains of some channels change with the version.
            configuration.Scales = new Dictionary<int, ChannelScale>();
            Introduce(output);
        }

        return true;
    }

    private bool TakeScales(string body)
    {
        if (ChannelScale.ReadAll(body, out int unread) is not { } all || unread > all.Channels.Count)
        {
            return false;
        }

        configuration.Scales = configuration.Scales.Concat(all.Channels).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        return TakeSampling(all.SampleMilliseconds);
    }

    private bool TakeSampling(int milliseconds)
    {
        configuration.SampleMilliseconds = milliseconds;
        return milliseconds > 0;
    }

    private static bool TakeTime(string body, IDriverOutput output)
    {
        if (Messages.ReadTime(body) is not DateTime wall)
        {
            return false;
        }

        output.Report(new DeviceEvent.WallClock(wall, At: null));
        return true;
    }

    private void Introduce(IDriverOutput output)
    {
        if (_product.Length > 0)
        {
            output.Report(new DeviceEvent.Identity(Messages.IdentityOf(_product, _serial, Version, _internalError)));
        }
    }

    private static bool ThreeDigits(string text, out int number) => ChannelScale.TryNumber(text, 3, out number);
}
