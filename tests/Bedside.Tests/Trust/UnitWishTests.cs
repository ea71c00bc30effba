using System.Text;
using Bedside.Host.Trust;
using Bedside.Identity;
using Bedside.Identity.Studies;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Trust;

/// <summary>A no to research that is said at one bed is known at every bed of the unit, or nothing leaves.</summary>
public class UnitWishTests
{
    private const string Bed = "bed12.icu.home.arpa";
    private const string Other = "bed13.icu.home.arpa";

    [Fact]
    public async Task What_a_box_says_every_other_hears_and_what_it_takes_back_is_taken_back()
    {
        using var unit = new Unit();
        Speaker bed = unit.Join(Bed);
        Speaker other = unit.Join(Other);
        bed.Patients.Add(7);
        Assert.True(await bed.SayAsync());
        Assert.True(await other.SayAsync());
        Assert.True(await unit.Head.SayAsync());

        Assert.Equal([7], unit.Heard());
        int whole = unit.Whole;
        Assert.True(await bed.SayAsync());
        Assert.Equal(whole, unit.Whole);
        bed.Patients.Clear();
        Assert.True(await bed.SayAsync());
        Assert.Empty(unit.Heard());
    }

    [Fact]
    public async Task Nothing_is_known_while_one_box_is_silent_and_the_silent_one_is_named()
    {
        using var unit = new Unit();
        Speaker bed = unit.Join(Bed);
        Assert.True(await unit.Head.SayAsync());
        Assert.Contains(Bed, Assert.Throws<UnitFaultException>(unit.Heard).Message, StringComparison.Ordinal);

        Assert.True(await bed.SayAsync());
        Assert.Empty(unit.Heard());
        unit.Bench.Clock.Advance(WishDesk.Patience + TimeSpan.FromSeconds(1));
        Assert.Contains(UnitBench.Head, Assert.Throws<UnitFaultException>(unit.Heard).Message, StringComparison.Ordinal);
        Assert.True(await unit.Head.SayAsync());
        Assert.True(await bed.SayAsync());
        Assert.Empty(unit.Heard());
        Assert.True(WishWatch.Every + Bedside.Viewer.Research.ObjectionWatch.Every < TimeSpan.FromSeconds(60));
        Assert.True(WishDesk.Patience + Bedside.Viewer.Research.ObjectionWatch.Every < TimeSpan.FromSeconds(60), "a box that is cut off when its patient says no is silent in time");
    }

    [Fact]
    public async Task Whatever_boxes_say_and_the_head_forgets_over_restarts_the_union_of_what_was_said_last_is_heard()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            using var unit = new Unit();
            List<Speaker> boxes = [unit.Head, .. Enumerable.Range(0, 4).Select(i => unit.Join($"bed{i}.icu.home.arpa"))];
            var said = new Dictionary<Speaker, int[]>();
            for (int step = 0; step < 60; step++)
            {
                Speaker one = boxes[random.Next(boxes.Count)];
                switch (random.Next(6))
                {
                    case 0:
                        one.Patients.Add(random.Next(12));
                        break;
                    case 1:
                        _ = one.Patients.Remove(random.Next(12));
                        break;
                    case 2 when random.Next(4) == 0:
                        unit.Restart();
                        break;
                    case 3 when random.Next(8) == 0 && one != unit.Head && boxes.Count > 2:
                        unit.Bench.Files.Remove(one.Host, unit.Bench.Trail);
                        _ = boxes.Remove(one);
                        break;
                    default:
                        Assert.True(await one.SayAsync());
                        said[one] = [.. one.Patients];
                        break;
                }
            }

            foreach (Speaker one in boxes)
            {
                Assert.True(await one.SayAsync());
                said[one] = [.. one.Patients];
            }

            Assert.Equal(said.Values.SelectMany(patients => patients).Distinct().Order(), unit.Heard());
        }
    }

    [Fact]
    public async Task What_a_box_says_under_another_key_or_as_no_marks_is_not_taken()
    {
        using var unit = new Unit();
        Speaker bed = unit.Join(Bed);
        bed.Patients.Add(3);
        Assert.True(await bed.SayAsync());
        Assert.True(await unit.Head.SayAsync());
        string mark = WishMarks.Write([5])[0];
        WishAnswer foreign = unit.Desk.Answer(bed.Box, new WishQuestion(new string('0', 64), WishMarks.Digest([mark]), [mark], Asks: false));
        Assert.True(foreign.IsWanted);
        string name = WishMarks.NameOf(Convert.FromBase64String(foreign.Key));
        Assert.All((string[])["", "xyz", mark.ToUpperInvariant() + "0", " " + mark[1..]], wrong => Assert.Throws<UnitFaultException>(() => unit.Desk.Answer(bed.Box, new WishQuestion(name, WishMarks.Digest([wrong]), [wrong], Asks: false))));
        Assert.Throws<UnitFaultException>(() => unit.Desk.Answer(bed.Box, new WishQuestion(name, string.Empty, [.. Enumerable.Repeat(mark, WishMarks.Most + 1)], Asks: false)));
        Assert.Equal([3], unit.Heard());
    }

    [Fact]
    public async Task At_rest_neither_the_key_nor_a_mark_is_in_the_clear_and_another_box_key_opens_nothing()
    {
        using var unit = new Unit();
        unit.Head.Patients.Add(4);
        Assert.True(await unit.Head.SayAsync());
        WishAnswer answer = unit.Desk.Answer(unit.Head.Box, Asking);
        string text = unit.Bench.Files.ReadWishes()!;
        Assert.DoesNotContain(answer.Key, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Assert.Single(answer.Refused!), text, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Key, Encoding.Latin1.GetString(Convert.FromBase64String(text)), StringComparison.Ordinal);
        var stranger = new WishDesk(unit.Bench.Files, () => TestKeys.OtherBox, unit.Bench.Clock);
        Assert.Contains("bring the box key back", Assert.Throws<UnitFaultException>(() => stranger.Answer(unit.Head.Box, Asking)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_power_cut_while_it_is_written_leaves_what_was_said_before_or_what_is_said_now()
    {
        for (int cut = 0; cut < 40; cut++)
        {
            var disk = new FaultyDisk(new Random(cut));
            using var unit = new Unit(disk);
            unit.Head.Patients.Add(1);
            Assert.True(await unit.Head.SayAsync());
            unit.Head.Patients.Add(2);
            disk.CutAt = disk.Operations + cut;
            bool isHeard = await unit.Head.SayAsync();
            disk.Restart((Loss)(cut % 5));
            unit.Restart();
            int[] kept = [.. unit.Kept()];
            Assert.True(kept is [1, 2] || (kept is [1] && !isHeard), $"cut {cut}: {string.Join(' ', kept)}");
        }
    }

    [Fact]
    public async Task It_goes_over_TLS_to_boxes_of_the_unit_alone()
    {
        using var unit = new Unit();
        Speaker bed = unit.Join(Bed);
        BoxCertificate stranger = new UnitBench().Found().HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(unit.Bench, wishes: () => unit.Desk);
        BoxCertificate At(BoxCertificate one) => BoxCertificate.Open(one.Unit with { Head = $"{UnitBench.Head}:{box.Port}", HeadAddress = "127.0.0.1" }, TestKeys.Box)!;
        bed.Patients.Add(9);
        bed.By = (mine, question) => HeadLine.WishesAsync(At(mine), question, unit.Bench.Clock, CancellationToken.None);
        Assert.True(await bed.SayAsync());
        Assert.True(await unit.Head.SayAsync());

        Assert.Equal([9], Unit.Read(await HeadLine.WishesAsync(At(bed.Certificate), Asking, unit.Bench.Clock, CancellationToken.None)));

        await Assert.ThrowsAsync<UnitFaultException>(() => HeadLine.WishesAsync(At(stranger), Asking, unit.Bench.Clock, CancellationToken.None));
        using HttpResponseMessage nobody = await box.Plain.PostAsync("/unit/v1/wishes", new StringContent("{}"));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, nobody.StatusCode);
    }

    private static WishQuestion Asking => new(string.Empty, WishMarks.Digest([]), Refused: null, Asks: true);

    /// <summary>A head and boxes that say to it which of their patients, who are numbers here, refuse.</summary>
    private sealed class Unit : IDisposable
    {
        private readonly List<Speaker> _speakers = [];

        public Unit(FaultyDisk? disk = null)
        {
            Bench = new UnitBench(disk).Found();
            Desk = Begin();
            Head = new Speaker(this, Bench);
            _speakers.Add(Head);
        }

        public UnitBench Bench { get; }

        public WishDesk Desk { get; private set; }

        public Speaker Head { get; }

        /// <summary>How often all marks of a box were said.</summary>
        public int Whole { get; set; }

        public Speaker Join(string host)
        {
            var joined = new Speaker(this, Bench.Member(host));
            _speakers.Add(joined);
            return joined;
        }

        public void Dispose() => _speakers.ForEach(speaker => speaker.Dispose());

        public void Restart() => Desk = Begin();

        /// <summary>The patients who refuse, as a box that asks hears it.</summary>
        public IEnumerable<int> Heard() => Read(Desk.Answer(Head.Box, Asking));

        /// <summary>The same, whoever is silent.</summary>
        public IEnumerable<int> Kept() => Read(Desk.Answer(Head.Box, Asking) with { Silent = [] });

        public static IEnumerable<int> Read(WishAnswer answer)
        {
            RefusedElsewhere heard = UnitRefusals.Read(answer);
            return Enumerable.Range(0, 12).Where(patient => heard.Marks.Contains(Mark(heard.Key.Span, patient)));
        }

        public static UInt128 Mark(ReadOnlySpan<byte> key, int patient)
        {
            using var subjects = new SubjectKey(key);
            return Mark(subjects, patient);
        }

        public static UInt128 Mark(SubjectKey subjects, int patient) => subjects.Of(PatientIdentity.OfNumber(new PersonNumber($"{patient}", "H", "MR")));

        private WishDesk Begin() => new(Bench.Files, () => TestKeys.Box, Bench.Clock);
    }

    private sealed class Speaker : IDisposable
    {
        private readonly WishWatch _watch;

        public Speaker(Unit unit, UnitBench bench)
        {
            Certificate = bench.HeadCertificate();
            By = (mine, question) =>
            {
                unit.Whole += question.Refused is null ? 0 : 1;
                return Task.FromResult(unit.Desk.Answer(mine.Unit.Box, question));
            };
            _watch = new WishWatch(() => Certificate, (mine, question, _) => By(mine, question), key => Patients.Select(patient => Unit.Mark(key, patient)).ToHashSet(), unit.Bench.Clock, NullLogger<WishWatch>.Instance);
        }

        public BoxCertificate Certificate { get; }

        public string Box => Certificate.Unit.Box;

        public string Host => Certificate.Unit.Host;

        public HashSet<int> Patients { get; } = [];

        public Func<BoxCertificate, WishQuestion, Task<WishAnswer>> By { get; set; }

        public Task<bool> SayAsync() => _watch.LookAsync(CancellationToken.None);

        public void Dispose() => _watch.Dispose();
    }
}
