using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Bedside.Model;
using Bedside.Viewer.People;
using Bedside.Viewer.Ward;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary>What the viewer needs to know of its box. All of it is checked when the program starts.</summary>
public sealed class ViewerOptions
{
    /// <summary>Name of the box, told by <c>/session</c>.</summary>
    [Required]
    [StringLength(64, MinimumLength = 1)]
    public string Box { get; set; } = "bedside";

    /// <summary>What the ward says of its bed and of how it reads values. Asked once a request; what it gives is checked already.</summary>
    [Required]
    public Func<WardSettings> Ward { get; set; } = () => new WardSettings();

    /// <summary>Version and commit of the program; a page of another build reloads itself.</summary>
    [Required]
    public string Build { get; set; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>True while the whole box plays made-up data.</summary>
    public bool Demo { get; set; }

    /// <summary>Where the built front end lies.</summary>
    [Required]
    public string WebRoot { get; set; } = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <summary>Values of the Host header that are answered: a page of another name that resolves to this box is not.</summary>
    public IList<string> Hosts { get; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Host names of the certificate of this box, which are answered too. Asked once a request.</summary>
    [Required]
    public Func<IReadOnlyCollection<string>> OwnNames { get; set; } = () => [];

    /// <summary>How the certificate of this box does; null = nothing is to be said. Asked once a request.</summary>
    [Required]
    public Func<CertificateReport?> Certificates { get; set; } = () => null;

    /// <summary>Half-width of the interval that holds the true time, microseconds; uint.MaxValue = unknown. Asked once a frame.</summary>
    [Required]
    public Func<uint> ClockUncertaintyMicroseconds { get; set; } = () => uint.MaxValue;

    /// <summary>The ports of the box and what was found on them. Asked once a request.</summary>
    [Required]
    public Func<IReadOnlyList<PortReport>> Ports { get; set; } = () => [];

    /// <summary>What leaves the box; null = nothing does. Asked once a request.</summary>
    [Required]
    public Func<OutboundReport?> Outbound { get; set; } = () => null;

    /// <summary>How the machine does; null = nothing is measured. Asked once a request.</summary>
    [Required]
    public Func<MachineReport?> Machine { get; set; } = () => null;

    /// <summary>What else of the box wants a person, beside what is measured. Asked once a request.</summary>
    [Required]
    public Func<IReadOnlyList<HealthNote>> Notes { get; set; } = () => [];

    /// <summary>The last lines of the log, oldest first. Asked once a request.</summary>
    [Required]
    public Func<IReadOnlyList<LogLine>> Log { get; set; } = () => [];

    /// <summary>How each device is connected.</summary>
    [Required]
    public IReadOnlyList<HelpPage> Help { get; set; } = [];

    /// <summary>Admissions that were silent for more hours than these are stale: a discharge or a transfer may be missing.</summary>
    [Range(1, 24 * 30)]
    public int AdmissionsSilenceHours { get; set; } = 12;

    /// <summary>Samples that one answer may hold.</summary>
    [Range(1, 100_000_000)]
    public long MostSamples { get; set; } = 4_000_000;

    /// <summary>Columns that one envelope may have.</summary>
    [Range(1, 1_000_000)]
    public int MostColumns { get; set; } = 20_000;

    /// <summary>Items that one list may have.</summary>
    [Range(1, 1_000_000)]
    public int MostItems { get; set; } = 10_000;

    /// <summary>The other beds of the ward, and whether this one is given to them.</summary>
    [Required]
    public WardPageOptions WardPage { get; set; } = new();

    /// <summary>How people sign in, and for how long.</summary>
    [Required]
    public PeopleOptions People { get; set; } = new();

    /// <summary>Pace and bounds of the live connections.</summary>
    [Required]
    [ValidateObjectMembers]
    public LiveLimits Live { get; set; } = new();

    /// <summary>Bounds of what is asked as FHIR.</summary>
    [Required]
    [ValidateObjectMembers]
    public FhirLimits Fhir { get; set; } = new();
}

/// <summary>Bounds of one question to the FHIR endpoint; what is more is too costly.</summary>
public sealed class FhirLimits
{
    /// <summary>Observations of numerics that a search may reach, all its pages together: a month of one signal a second is 2.6 million.</summary>
    [Range(1, long.MaxValue)]
    public long MostObservations { get; set; } = 3_000_000;

    /// <summary>Hours of waves that it may reach, all waves together.</summary>
    [Range(1, 100_000)]
    public int MostWaveHours { get; set; } = 48;

    /// <summary>Observations that one page may look at; then it is short, and the next one goes on.</summary>
    [Range(1000, int.MaxValue)]
    public int MostLookedAt { get; set; } = 200_000;
}

/// <summary>Pace and bounds of the live connections (PROTOCOL.md, section 2).</summary>
public sealed class LiveLimits
{
    /// <summary>Least time between two DATA frames.</summary>
    public TimeSpan FrameInterval { get; set; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Time between two STATUS frames.</summary>
    public TimeSpan StatusInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may take to say its first hello.</summary>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may owe an acknowledgement.</summary>
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How much of the past a snapshot holds.</summary>
    public TimeSpan History { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The same in bytes, for all clients together.</summary>
    [Range(1 << 16, 1 << 28)]
    public int HistoryBytes { get; set; } = 8 << 20;

    /// <summary>DATA frames that may be on their way to a client unacknowledged.</summary>
    [Range(1, 10_000)]
    public int Credit { get; set; } = 50;

    /// <summary>Batches that wait for a client before waves are dropped.</summary>
    [Range(1, 1_000)]
    public int WaitingBatches { get; set; } = 8;

    /// <summary>Bytes of alerts, events and newest numerics kept for a client that does not read; beyond it the client is closed.</summary>
    [Range(1 << 10, 1 << 26)]
    public int KeptBytes { get; set; } = 1 << 20;

    /// <summary>Clients at a time.</summary>
    [Range(1, 10_000)]
    public int Clients { get; set; } = 64;

    /// <summary>Blocks that may wait between the store and the fan-out.</summary>
    [Range(16, 1 << 20)]
    public int FollowedBlocks { get; set; } = 8192;
}
