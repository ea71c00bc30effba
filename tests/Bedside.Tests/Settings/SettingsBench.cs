using Bedside.Host.Settings;
using Bedside.Model;
using Bedside.Model.Settings;
using Bedside.Tests.Ingest;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Settings;

/// <summary>A desk on a disk that can fail, with devices that are heard or not as the test says, and a clock that it turns.</summary>
internal sealed class SettingsBench(FaultyDisk disk, PinnedSettings? pinned = null)
{
    /// <summary>Of this box, for its settings.</summary>
    public static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];

    public static readonly TimeSpan Trial = TimeSpan.FromSeconds(60);

    public static readonly PortPin Pin = new() { Serial = "/dev/ttyS1", Driver = "draeger-medibus", Line = "19200 8E1" };

    private readonly Dictionary<string, UtcInstant> _newest = new(StringComparer.Ordinal);

    public ManualTime Time { get; } = new();

    /// <summary>Null = the box has no key.</summary>
    public byte[]? Key { get; init; } = Secret;

    public SettingsDesk Desk { get; private set; } = null!;

    /// <summary>Ports that were asked for, newest last.</summary>
    public List<BoxSettings> Asked { get; } = [];

    /// <summary>Devices that send while time passes.</summary>
    public HashSet<string> Sending { get; } = new(StringComparer.Ordinal);

    public SettingsBench Start()
    {
        var hearing = new DeviceHearing(() => _newest.Select(pair => (pair.Key, pair.Value)), Time);
        Desk = new SettingsDesk(new SettingsFile(disk, Key), pinned ?? PinnedSettings.Nothing, hearing, Time, Trial) { PortsChanged = Asked.Add };
        return this;
    }

    /// <summary>Lets seconds pass, one by one, in which the devices of <see cref="Sending"/> are heard.</summary>
    public SettingsBench Pass(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            foreach (string device in Sending)
            {
                _newest[device] = _newest.GetValueOrDefault(device).Add(1_000_000_000);
            }

            Desk.Look();
        }

        return this;
    }

    public SettingsReply Prepare(SettingsForm form) => Desk.Prepare(form, InEffect(Desk.State).Number);

    /// <summary>The version that would be in effect after a start.</summary>
    public static SettingsVersion InEffect(SettingsState state) => state.Versions.First(version => version.Outcome is SettingsOutcome.Applied or SettingsOutcome.Confirmed);

    public static SettingsForm Ports(params PortPin[] pins) => new() { Ports = [.. pins.Select(PortForm.Of)] };
}
