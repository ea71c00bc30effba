using Bedside.Audit;
using Bedside.Host.Trust;
using Bedside.Tests.Audit;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Trust;

/// <summary>Boxes of a unit witness each other's journals by themselves: what is cut, rolled back or begun anew is found at the next look.</summary>
public sealed class UnitWitnessTests
{
    private const string Bed = "bed12.icu.home.arpa";
    private const string Other = "bed13.icu.home.arpa";

    [Fact]
    public async Task Whatever_boxes_write_and_whoever_starts_anew_every_journal_goes_on_for_its_witness_and_proves_it()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            using var unit = new Unit(seed);
            Box[] beds = [unit.Join(Bed), unit.Join(Other)];
            for (int step = 0; step < 25; step++)
            {
                Box one = random.Next(3) is 0 ? unit.Head : beds[random.Next(beds.Length)];
                switch (random.Next(4))
                {
                    case 0:
                        one.Start();
                        break;
                    case 1 when one != unit.Head:
                        Assert.True(await one.LookAsync(), $"seed {seed}, step {step}");
                        break;
                    default:
                        one.Journal.Go(random, random.Next(1, 30));
                        break;
                }
            }

            foreach (Box one in beds)
            {
                Assert.True(await one.LookAsync());
                Assert.Null(one.Desk.Note);
            }

            Assert.Null(unit.Head.Desk.Note);
            Assert.All(beds, one => Assert.Contains("cosigned by", Held(one, unit.Head.Kept(one.Name)), StringComparison.Ordinal));
            Assert.Contains("cosigned by", Held(unit.Head, beds[^1].Kept(UnitBench.Head)), StringComparison.Ordinal);
            Assert.All([.. beds, unit.Head], one => Assert.Contains("cosigned by", Held(one, Assert.Single(OwnWitnesses.Read(one.Journal.Disk).OrderByDescending(kept => kept.Size).Take(1))), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_journal_that_was_rolled_back_is_found_at_the_next_look_and_until_it_is_mended_and_told_once()
    {
        var random = new Random(3);
        for (int round = 0; round < 20; round++)
        {
            using var unit = new Unit(round);
            Box bed = unit.Join(Bed);
            bed.Journal.Go(random, 10 + random.Next(60));
            FaultyDisk old = bed.Journal.Disk.Copy(random);
            bed.Journal.Go(random, 1 + random.Next(60));
            Assert.True(await bed.LookAsync());
            FaultyDisk newest = bed.Journal.Disk.Copy(random);
            int told = Refusals(unit.Head);

            bed.Start(old);
            bed.Journal.Go(random, random.Next(200));
            Assert.False(await bed.LookAsync(), $"round {round}");
            Assert.False(await bed.LookAsync());
            Assert.Contains(Bed, unit.Head.Desk.Note!.Sentence.En, StringComparison.Ordinal);
            Assert.Contains("cut or replaced", bed.Desk.Note!.Sentence.En, StringComparison.Ordinal);
            Assert.Equal(told + 1, Refusals(unit.Head));
            AuditReport report = TestJournal.Verify(bed.Journal.Disk, TestJournal.KeysOf(bed.Journal.Disk), unit.Head.Kept(bed.Name));
            Assert.Contains(report.Findings, finding => finding.Fault is AuditFault.RolledBack or AuditFault.Truncated);

            bed.Start(newest);
            Assert.True(await bed.LookAsync());
            Assert.Null(unit.Head.Desk.Note);
            Assert.Null(bed.Desk.Note);
        }
    }

    [Fact]
    public async Task A_head_whose_journal_was_rolled_back_is_found_by_its_boxes()
    {
        var random = new Random(4);
        using var unit = new Unit(4);
        Box bed = unit.Join(Bed);
        FaultyDisk old = unit.Head.Journal.Disk.Copy(random);
        unit.Head.Journal.Go(random, 40);
        Assert.True(await bed.LookAsync());

        unit.Head.Start(old);
        unit.Head.Journal.Go(random, 20);
        Assert.False(await bed.LookAsync());
        Assert.Contains(UnitBench.Head, bed.Desk.Note!.Sentence.En, StringComparison.Ordinal);
        Assert.Equal(1, Refusals(bed));
    }

    [Fact]
    public async Task A_journal_begun_anew_is_not_witnessed_in_place_of_the_one_that_is_gone_and_nobody_brings_that_of_another()
    {
        using var unit = new Unit(5);
        Box bed = unit.Join(Bed);
        Box other = unit.Join(Other);
        Assert.True(await bed.LookAsync());
        string another = other.Journal.Trail.Checkpoint(0)!.ToString();
        bed.Start(new FaultyDisk(new Random(99)));
        bed.Journal.Go(new Random(9), 200);
        Assert.False(await bed.LookAsync());
        Assert.Contains("begun anew", unit.Head.Desk.Answer((bed.Name, bed.Host), new WitnessCall(bed.Journal.Trail.Checkpoint(0)!.ToString(), Cosigned: null, Seen: 0)).Refusal, StringComparison.Ordinal);

        Assert.True(await other.LookAsync());
        Assert.Contains("another box of the unit", unit.Head.Desk.Answer(("somebody", "x.icu.home.arpa"), new WitnessCall(another, Cosigned: null, Seen: 0)).Refusal, StringComparison.Ordinal);

        // It joined again: another box for the unit, with a journal of its own.
        Box again = unit.Join("bed14.icu.home.arpa");
        again.Start(bed.Journal.Disk);
        Assert.True(await again.LookAsync());
    }

    [Fact]
    public async Task A_journal_that_rests_costs_its_witness_no_write_and_no_entry()
    {
        using var unit = new Unit(6);
        Box bed = unit.Join(Bed);
        Assert.True(await bed.LookAsync());
        Assert.True(await bed.LookAsync());
        (string head, string own) = (Written(unit.Head), Written(bed));
        for (int i = 0; i < 5; i++)
        {
            Assert.True(await bed.LookAsync());
        }

        Assert.Equal((head, own), (Written(unit.Head), Written(bed)));
    }

    [Fact]
    public async Task It_goes_over_TLS_to_boxes_of_the_unit_alone_and_nonsense_is_refused_in_words()
    {
        using var unit = new Unit(7);
        Box bed = unit.Join(Bed);
        BoxCertificate stranger = new UnitBench().Found().HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(unit.Bench, witness: () => unit.Head.Desk);
        BoxCertificate At(BoxCertificate one) => BoxCertificate.Open(one.Unit with { Head = $"{UnitBench.Head}:{box.Port}", HeadAddress = "127.0.0.1" }, TestKeys.Box)!;
        Task<WitnessReply> SayAsync(BoxCertificate one, string? checkpoint) => HeadLine.WitnessAsync(At(one), new WitnessCall(checkpoint, Cosigned: null, Seen: 0), unit.Bench.Clock, CancellationToken.None);
        string own = bed.Journal.Trail.Checkpoint(0)!.ToString();
        WitnessReply reply = await SayAsync(bed.Certificate, own);
        Assert.True(Checkpoint.Parse(reply.Cosigned!)!.Size > 0 && reply.Refusal.Length == 0);
        Assert.Contains("no checkpoint", (await Assert.ThrowsAsync<UnitFaultException>(() => SayAsync(bed.Certificate, "hello"))).Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<UnitFaultException>(() => SayAsync(stranger, own));
        using HttpResponseMessage nobody = await box.Plain.PostAsync("/unit/v1/witness", new StringContent("{}"));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, nobody.StatusCode);
    }

    private static int Refusals(Box box) => AuditReading.Read(box.Journal.Disk).Count(one => one.Entry is { Act: "witness.cosign", Result: "refused" });

    private static string Written(Box box) =>
        $"{AuditReading.Read(box.Journal.Disk).Count()} {string.Join(' ', Witness.ReadAll(box.Journal.Disk).Select(one => $"{one.Box} {one.Checkpoint}"))} {string.Join(' ', OwnWitnesses.Read(box.Journal.Disk))}";

    private static string Held(Box box, Checkpoint known)
    {
        AuditReport report = TestJournal.Verify(box.Journal.Disk, TestJournal.KeysOf(box.Journal.Disk), known);
        Assert.Empty(report.Findings);
        return Assert.Single(report.Held);
    }

    /// <summary>A head and boxes, each with a journal on a disk of its own.</summary>
    private sealed class Unit : IDisposable
    {
        private readonly List<Box> _boxes = [];
        private readonly int _seed;

        public Unit(int seed)
        {
            (_seed, Bench) = (seed, new UnitBench().Found());
            Head = Add(UnitBench.Head, Bench);
        }

        public UnitBench Bench { get; }

        public Box Head { get; }

        public Box Join(string host) => Add(host, Bench.Member(host));

        public void Dispose() => _boxes.ForEach(box => box.Dispose());

        private Box Add(string host, UnitBench bench)
        {
            var box = new Box(this, host, bench.HeadCertificate(), TestJournal.Filled((_seed * 8) + _boxes.Count, 12));
            _boxes.Add(box);
            return box;
        }
    }

    private sealed class Box : IDisposable
    {
        private readonly Unit _unit;
        private WitnessWatch _watch;

        public Box(Unit unit, string host, BoxCertificate certificate, TestJournal journal)
        {
            (_unit, Host, Certificate, Journal) = (unit, host, certificate, journal);
            Desk = new WitnessDesk(journal.Trail);
            _watch = Watch();
        }

        public string Host { get; }

        public string Name => Certificate.Unit.Box;

        public BoxCertificate Certificate { get; }

        public TestJournal Journal { get; private set; }

        public WitnessDesk Desk { get; private set; }

        public Task<bool> LookAsync() => _watch.LookAsync(CancellationToken.None);

        /// <summary>What this box saw of a journal.</summary>
        public Checkpoint Kept(string name) => Assert.Single(Witness.ReadAll(Journal.Disk), one => one.Box == name).Checkpoint;

        /// <summary>The program starts anew, on another disk where one is given.</summary>
        public void Start(FaultyDisk? disk = null)
        {
            Journal.Dispose();
            Journal = new TestJournal(disk ?? Journal.Disk, clock: Journal.Clock);
            Desk = new WitnessDesk(Journal.Trail);
            _watch.Dispose();
            _watch = Watch();
        }

        public void Dispose()
        {
            _watch.Dispose();
            Journal.Dispose();
        }

        private WitnessWatch Watch() => new(
            Desk,
            () => Certificate,
            (mine, call, _) => Task.FromResult(_unit.Head.Desk.Answer((mine.Unit.Box, mine.Unit.Host), call)),
            _unit.Bench.Clock,
            NullLogger<WitnessWatch>.Instance);
    }
}
