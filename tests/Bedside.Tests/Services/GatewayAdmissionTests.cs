using Bedside.Host.Options;
using Bedside.Identity;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Simulators;
using Bedside.Simulators.Hl7;
using Bedside.Simulators.Physiology;
using Bedside.Tests.Simulators;

namespace Bedside.Tests.Services;

/// <summary>The simulated gateway plays the admissions of a unit beside its devices, and the box makes events of them, whatever happens to the messages on their way.</summary>
public sealed class GatewayAdmissionTests
{
    private const int Seconds = 60;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task WhoLiesInTheBedByTheEventsIsWhoLiesThereInTruthAndTheMonitorNamesThem(int seed)
    {
        await using var run = new GatewayRun(seed);
        await run.PlayAsync(Seconds);
        while (run.StableFor < 4)
        {
            // What changed in the last seconds the devices have not said yet.
            await run.PlayAsync(1);
        }

        StayEvent[] said = [.. run.Box.Desk.Said.Where(one => one.Source == StaySource.Admissions)];
        Assert.True(said.Length > 15, $"only {said.Length} events");
        VisitToken truth = run.InBed is { } patient ? run.Box.Vault.VisitOf("visit", new PersonNumber($"V{patient.Visit}", "SIM", "VN")) : default;
        Assert.Equal(truth, Here(said));
        StayEvent[] named = [.. run.Box.Desk.Said.Where(one => one.Kind == StayEventKind.MonitorPatient)];
        Assert.NotEmpty(named);
        PersonToken inBed = run.InBed is { } someone ? run.Box.Vault.TokenOf(new PersonNumber($"{someone.Number:D6}", "SIM", "MR")) : default;
        Assert.True(named[^1].Person == inBed || (run.InBed is null && run.StableFor < 62), "the monitor names another");
        if (run.InBed is { } here)
        {
            Assert.Equal(here.Family, run.Box.Vault.Describe(inBed)!.Family);
        }
    }

    [Theory]
    [InlineData(AdmissionFeed.Late, 1)]
    [InlineData(AdmissionFeed.Late, 2)]
    [InlineData(AdmissionFeed.Shuffled, 3)]
    [InlineData(AdmissionFeed.Shuffled, 4)]
    [InlineData(AdmissionFeed.Duplicate, 5)]
    [InlineData(Hl7Gateway.Repeat, 6)]
    public async Task LateShuffledAndRepeatedMessagesSayTheSameThings(string fault, int seed)
    {
        await using var straight = new GatewayRun(seed);
        await straight.PlayAsync(Seconds);
        await using var disturbed = new GatewayRun(seed, $"{fault}@5+40");
        await disturbed.PlayAsync(Seconds);
        Assert.Equal(ThingsOf(straight), ThingsOf(disturbed));
    }

    [Fact]
    public async Task WhatIsLostIsMissingAndWhatIsTakenBackIsSaidAgain()
    {
        await using var straight = new GatewayRun(7);
        await straight.PlayAsync(Seconds);
        await using var lost = new GatewayRun(7, $"{AdmissionFeed.Lost}@10+20");
        await lost.PlayAsync(Seconds);
        Assert.True(lost.Box.Desk.Said.Count < straight.Box.Desk.Said.Count);
        await using var cancelled = new GatewayRun(7, $"{AdmissionFeed.Cancel}@0+60");
        await cancelled.PlayAsync(Seconds);
        StayEvent cancel = cancelled.Box.Desk.Said.First(said => said.Kind == StayEventKind.CancelAdmit);
        Assert.Contains(cancelled.Box.Desk.Said, said => said.Kind == StayEventKind.Admit && said.Visit == cancel.Visit && said.Happened == cancel.Happened);
    }

    [Fact]
    public void OverSomeSeedsEveryKindOfHappeningIsPlayedByteForByteTheSame()
    {
        string[] wanted = ["A01", "A02", "A03", "A05", "A08", "A11", "A12", "A13", "A14", "A17", "A21", "A22", "A31", "A40", "A45", "A47", "A60"];
        IEnumerable<AdmissionNews> Play(int seed)
        {
            var story = new AdmissionStory(seed, "7");
            return Enumerable.Range(0, 200).SelectMany(i => story.Next(i)).SelectMany(news => AdmissionStory.CancelOf(news, 0) is { } cancel ? (AdmissionNews[])[news, cancel] : [news]).ToArray();
        }

        Assert.Superset(wanted.ToHashSet(), Enumerable.Range(1, 5).SelectMany(Play).Select(news => news.Event).ToHashSet());
        string[] twice = [.. Enumerable.Range(0, 2).Select(_ => string.Concat(Play(3).Select(news => new AdmissionPages(new UtcInstant(0)).Write(news, 5))))];
        Assert.Equal(twice[0], twice[1]);
        Assert.Contains("||TEST-0041^", twice[0], StringComparison.Ordinal);
    }

    /// <summary>Merges of persons name whoever is known when they come; plans of others are not kept.</summary>
    private static bool IsOfVisits(StayEvent said) => said is { Source: StaySource.Admissions, Kind: not StayEventKind.Planned };

    /// <summary>Each thing without its tokens, which every box has for itself.</summary>
    private static string[] ThingsOf(GatewayRun run) =>
        [.. run.Box.Desk.Said.Where(IsOfVisits).Select(said => $"{said.Happened} {said.Sent} {said.Kind} {said.Place} {said.Before} {said.OtherPlace} {said.Admitted} {said.Discharged}").Order(StringComparer.Ordinal)];

    /// <summary>A walk that is good enough while everything comes in order.</summary>
    private static VisitToken Here(IEnumerable<StayEvent> said)
    {
        HashSet<VisitToken> here = [];
        foreach (StayEvent one in said)
        {
            if (one.Kind is StayEventKind.Admit or StayEventKind.Transfer or StayEventKind.CancelTransfer or StayEventKind.CancelDischarge or StayEventKind.Swap)
            {
                _ = one.Place == Place.Here ? here.Add(one.Visit) : here.Remove(one.Visit);
                _ = one.Kind == StayEventKind.Swap && (one.OtherPlace == Place.Here ? here.Add(one.OtherVisit) : here.Remove(one.OtherVisit));
            }
            else if (one.Kind == StayEventKind.Discharge)
            {
                _ = here.Remove(one.Visit);
            }
        }

        return here.SingleOrDefault();
    }

    /// <summary>The gateway and the box on one clock.</summary>
    private sealed class GatewayRun : IAsyncDisposable
    {
        private readonly RecordingPort _port;
        private readonly IDevice _device;
        private readonly AdmissionStory _truth;
        private readonly MllpConversation _conversation;
        private int _happened;

        public GatewayRun(int seed, params string[] faults)
        {
            Box = new AdmissionBox(new AdmissionSettings { Bed = BedPlace.Parse("5") });
            _port = new RecordingPort(Box.Time);
            var arguments = Arguments.Parse(Hl7Gateway.Kind, ["--tcp", "127.0.0.1:1", "--admissions", "--adt-every", "1", "--every", "2", "--bed", "5", "--seed", $"{seed}"]);
            var clock = new SimulationClock(Box.Time, arguments.Epoch);
            var schedule = new FaultSchedule(clock, Hl7Gateway.Kind.Faults);
            Assert.All(faults, fault => Assert.True(schedule.TryAdd(fault, 0)));
            _device = Hl7Gateway.Kind.Create(new Simulation(clock, new Patient(seed), _port, schedule, arguments));
            _truth = new AdmissionStory(seed, "5");
            _conversation = new MllpConversation(Box.Hl7, new Acknowledgement(Box.Time), new MllpOptions());
        }

        public AdmissionBox Box { get; }

        public SimulatedPatient? InBed => _truth.InBed;

        /// <summary>Seconds for which the same number, or nobody, was in the bed.</summary>
        public int StableFor { get; private set; }

        public async Task PlayAsync(int seconds)
        {
            for (int step = 0; step < seconds * 4; step++)
            {
                _ = _device.Advance();
                await AnswerAsync();
                Box.Time.Pass(TimeSpan.FromMilliseconds(250));
                if (step % 4 == 0)
                {
                    int? before = InBed?.Number;
                    _ = _truth.Next(1_000_000_000L * _happened++);
                    StableFor = InBed?.Number == before ? StableFor + 1 : 0;
                }
            }

            _ = await Box.Admissions.PumpAsync(CancellationToken.None);
        }

        public ValueTask DisposeAsync() => Box.DisposeAsync();

        private async Task AnswerAsync()
        {
            for (IReadOnlyList<(double Seconds, byte[] Bytes, System.Net.IPEndPoint? To)> sent = _port.Take(); sent.Count > 0; sent = _port.Take())
            {
                foreach ((_, byte[] bytes, _) in sent)
                {
                    foreach (byte[] answer in (await _conversation.TakeAsync(bytes, Box.Time.MonotonicNow(), CancellationToken.None))!)
                    {
                        _device.Receive(answer, from: null);
                    }
                }

                _ = await Box.Admissions.PumpAsync(CancellationToken.None);
            }
        }
    }
}
