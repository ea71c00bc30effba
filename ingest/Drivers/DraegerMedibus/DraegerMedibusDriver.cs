using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Dräger ventilators, anaesthesia machines and incubators over RS-232: MEDIBUS and MEDIBUS.X. Written from our sheet of
/// facts on Dräger 90 28 258 (protocol), 90 28 329 (intensive care devices) and public MEDIBUS.X tables; see README.md
/// for what is confirmed.
/// </summary>
public sealed class DraegerMedibusDriver(AlarmBands bands) : IDriver
{
    private const int MostSniffed = 2048;
    private const int FewSniffed = 256;
    private const int FramesForYes = 2;

    /// <summary>With the bands that the README documents.</summary>
    public DraegerMedibusDriver()
        : this(new AlarmBands())
    {
    }

    public string Name => "draeger-medibus";

    public DriverTraits Traits { get; } = new()
    {
        Clock = DeviceClock.SampleCounting,
        Lines =
        [
            new LineSettings(19200, Parity: LineParity.Even),
            new LineSettings(9600, Parity: LineParity.Even),
            new LineSettings(19200),
            new LineSettings(38400, Parity: LineParity.Even),
            new LineSettings(38400),
        ],
        Outgoing = Outgoing.All,
        Probes = [Outgoing.Initialise, Outgoing.Identify],
        SilentAfter = TimeSpan.FromSeconds(7),
        Manufacturer = "Dräger",
        Devices = "Evita, Savina, Babylog VN, V300 to V800, Perseus, Atlan, Primus, Apollo, Zeus, Fabius, Oxylog, Carina, Babyleo and others with MEDIBUS or MEDIBUS.X",
        Quality = "bronze",
    };

    public Verdict Sniff(ReadOnlySpan<byte> window, Transport transport)
    {
        if (transport == Transport.Udp)
        {
            return Verdict.No;
        }

        var deframer = new Deframer();
        int frames = 0;
        foreach (byte value in window)
        {
            if (deframer.Take(value) is Part.Command or Part.Response && IsKnown(deframer.Code))
            {
                frames++;
            }
        }

        bool hopeless = window.Length >= MostSniffed
            || (window.Length >= FewSniffed && window.IndexOfAny(Frame.Escape, Frame.StartOfHeading) < 0);
        return frames >= FramesForYes ? Verdict.Yes : frames == 0 && hopeless ? Verdict.No : Verdict.NeedMore;
    }

    public IDriverSession Open(SessionOptions options) => new DraegerMedibusSession(options, bands);

    private static bool IsKnown(byte code) =>
        code is (>= MedibusCode.AlarmsCodepage3 and <= MedibusCode.AlarmsCodepage2)
            or MedibusCode.NoOperation or MedibusCode.TimeChanged or MedibusCode.ConfigureResponse or MedibusCode.DeviceSpecific
            or (>= MedibusCode.Initialise and <= MedibusCode.RealtimeConfigurationChanged);
}
