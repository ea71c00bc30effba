using System.Collections.Concurrent;
using System.Text;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Identity;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Tests.Simulators;
using Bedside.Tests.Storage;
using Microsoft.Extensions.Logging;

namespace Bedside.Tests.Services;

/// <summary>The admissions of a box with its store and its vault, and a desk in memory; nothing listens.</summary>
internal sealed class AdmissionBox : IAsyncDisposable
{
    private readonly ILoggerFactory _logs;
    private readonly AdmissionSettings _settings;
    private Acknowledgement _answers;
    private bool _isStopped;

    public AdmissionBox(AdmissionSettings? settings = null)
    {
        _settings = settings ?? new AdmissionSettings { Bed = BedPlace.Parse("ICU^^5") };
        _logs = LoggerFactory.Create(logs => logs.AddProvider(new Lines(Log)).SetMinimumLevel(LogLevel.Trace));
        _answers = new Acknowledgement(Time);
        Start();
    }

    public ManualTime Time { get; } = new();

    public TemporaryFolder Folder { get; } = new();

    public RememberedDesk Desk { get; } = new();

    /// <summary>Every line that was logged, at every level.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public Store Store { get; private set; } = null!;

    public VaultPlace Place { get; private set; } = null!;

    public AdmissionIntake Admissions { get; private set; } = null!;

    public Hl7Intake Hl7 { get; private set; } = null!;

    public BedIntake Ports { get; private set; } = null!;

    public IdentityVault Vault => Place.Open();

    /// <summary>Sends one message; the code of the answer and what it says.</summary>
    public async Task<(string Code, string Text)> SendAsync(string message)
    {
        var conversation = new MllpConversation(Hl7, _answers, new MllpOptions());
        IReadOnlyList<byte[]> answers = (await conversation.TakeAsync(Mllp.Frame(Encoding.UTF8.GetBytes(message)), Time.MonotonicNow(), CancellationToken.None))!;
        var answer = Hl7Message.Read(answers[0].AsMemory(1, answers[0].Length - 3));
        return (answer.First("MSA"u8).Field(1).Text, answer.First("MSA"u8).Field(3).Text + Encoding.UTF8.GetString(answer.First("ERR"u8).Bytes));
    }

    /// <summary>The patient whom a device of this driver names.</summary>
    public async Task NameOnMonitorAsync(params (string Field, string Value)[] fields)
    {
        var patient = new DeviceEvent.Patient(System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, fields.Select(pair => KeyValuePair.Create(pair.Field, pair.Value))));
        Ports.OnEvent(new PortIdentity("/dev/monitor") { Driver = DriverCatalog.ByName("philips-intellivue") }, Time.MonotonicNow(), patient);
        Assert.True(await Admissions.PumpAsync(CancellationToken.None));
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        Start();
    }

    public PersonToken Person(string number) => Vault.TokenOf(new PersonNumber(number, "H", "MR"));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Folder.Dispose();
        _logs.Dispose();
    }

    private void Start()
    {
        _isStopped = false;
        var data = new DirectoryInfo(Folder.Path);
        Store = Store.Open(Folder.Path, StoreArguments.OptionsOfBox(data, key: null), Time);
        Place = new VaultPlace(data, key: null, _logs.CreateLogger<VaultPlace>());
        Admissions = new AdmissionIntake(Place, Desk, _settings, Store, Time, _logs.CreateLogger<AdmissionIntake>());
        var clock = new KernelClock(Time);
        Hl7 = new Hl7Intake(Store, new Hl7Settings { Bed = _settings.Bed }, clock, Time, _logs.CreateLogger<Hl7Intake>(), Admissions);
        Ports = new BedIntake(Store, new PortBoard(PortMemory.Open(Folder.Path), Time), clock, Time, Admissions);
        _answers = new Acknowledgement(Time);
    }

    /// <summary>Nothing is written any more.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        Admissions.Dispose();
        Place.Dispose();
        await Store.DisposeAsync();
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
