using System.Text;
using Bedside.Identity.Studies;
using Bedside.Storage.Keys;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Identity;

public sealed class StudyKeyRingTests
{
    private const string Study = "ST-2026-014";
    private const string Other = "ST-2026-015";

    private static readonly PatientIdentity Patient = PatientIdentity.OfNumber(TestVault.Number("4711"));

    [Fact]
    public void A_key_is_the_same_whenever_it_is_asked_for_and_another_for_each_study()
    {
        using var folder = new TemporaryFolder();
        using BoxKey box = TestVault.Key();
        using var ring = StudyKeyRing.Open(folder.Path, box);
        Assert.Null(ring.Find(Study));
        string name = Name(ring.Make(Study));
        Assert.Equal(name, Name(ring.Make(Study)));
        Assert.NotEqual(name, Name(ring.Make(Other)));
        using var again = StudyKeyRing.Open(folder.Path, box);
        Assert.Equal(name, Name(again.Find(Study)));
        Assert.Equal([Study, Other], again.Studies);
    }

    [Fact]
    public void A_destroyed_key_is_in_no_byte_of_the_folder_and_the_names_are_others_ever_after()
    {
        using var folder = new TemporaryFolder();
        using BoxKey box = TestVault.Key();
        using var ring = StudyKeyRing.Open(folder.Path, box);
        StudyKey key = ring.Make(Study);
        byte[] plain = key.Key.ToArray();
        string name = Name(key);
        string kept = Name(ring.Make(Other));
        byte[] wrapped = Wrapped(Encoding.UTF8.GetString(File.ReadAllBytes(folder.FileIn(StudyKeyRing.Name))));
        using FileStream former = new(folder.FileIn(StudyKeyRing.Name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Assert.True(Holds(folder, Encoding.ASCII.GetBytes(Convert.ToBase64String(wrapped))));
        Assert.False(Holds(folder, plain));

        Assert.True(ring.Destroy(Study));

        Assert.False(Holds(folder, plain));
        Assert.False(Holds(folder, wrapped));
        Assert.False(Holds(folder, Encoding.ASCII.GetBytes(Convert.ToBase64String(wrapped))));
        Assert.False(Holds(folder, Encoding.ASCII.GetBytes(Study)));
        byte[] overwritten = new byte[former.Length];
        former.ReadExactly(overwritten);
        Assert.Equal(-1, overwritten.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Convert.ToBase64String(wrapped))));
        Assert.Null(ring.Find(Study));
        Assert.False(ring.Destroy(Study));
        Assert.Equal(kept, Name(ring.Find(Other)));
        Assert.NotEqual(name, Name(ring.Make(Study)));
    }

    [Theory]
    [InlineData((int)Loss.Nothing)]
    [InlineData((int)Loss.Everything)]
    [InlineData((int)Loss.RandomSectors)]
    [InlineData((int)Loss.RandomPages)]
    [InlineData((int)Loss.Garbage)]
    public void Whatever_operation_the_power_goes_at_the_file_is_the_old_one_or_the_new(int loss)
    {
        using BoxKey box = TestVault.Key();
        FaultyDisk whole = Begun(box, new Random(0), out string kept, out _);
        int before = whole.Operations;
        Change(whole, box);
        int operations = whole.Operations - before;
        Assert.InRange(operations, 10, 200);
        for (int cut = 0; cut <= operations; cut++)
        {
            FaultyDisk disk = Begun(box, new Random(cut), out kept, out string gone);
            disk.CutAt = disk.Operations + cut;
            bool isDone = true;
            try
            {
                Change(disk, box);
            }
            catch (IOException)
            {
                isDone = false;
            }

            disk.Restart((Loss)loss);
            using var ring = new StudyKeyRing(disk, box, () => null);
            Assert.True(ring.Studies is [Other] or [Study, Other] or ["ST-2026-016", Other] or [Other, "ST-2026-016"], $"cut at {cut}: {string.Join(' ', ring.Studies)}");
            Assert.Equal(kept, Name(ring.Find(Other)));
            Assert.True(ring.Find(Study) is null || Name(ring.Find(Study)) == gone, $"cut at {cut}");
            Assert.True(!isDone || ring.Studies is [Other, "ST-2026-016"], $"cut at {cut}");
            _ = ring.Destroy(Study);
            Assert.DoesNotContain(disk.Names(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
            Assert.Null(ring.Find(Study));
        }
    }

    [Fact]
    public void Another_box_key_or_a_damaged_file_is_said_and_never_makes_a_new_key()
    {
        using var folder = new TemporaryFolder();
        using BoxKey box = TestVault.Key();
        using BoxKey foreign = TestVault.Key(33);
        using var ring = StudyKeyRing.Open(folder.Path, box);
        string name = Name(ring.Make(Study));
        using var other = StudyKeyRing.Open(folder.Path, foreign);
        Assert.Throws<IOException>(() => other.Find(Study));
        Assert.Throws<IOException>(() => other.Make(Study));
        byte[] bytes = File.ReadAllBytes(folder.FileIn(StudyKeyRing.Name));
        bytes[40] ^= 1;
        File.WriteAllBytes(folder.FileIn(StudyKeyRing.Name), bytes);
        Assert.Equal(name, Name(ring.Find(Study)));
        bytes[(bytes.Length / 2) + 40] ^= 1;
        File.WriteAllBytes(folder.FileIn(StudyKeyRing.Name), bytes);
        Assert.Throws<IOException>(() => ring.Find(Study));
        Assert.Throws<IOException>(() => ring.Make(Study));
        Assert.Throws<IOException>(() => ring.Destroy(Study));
    }

    [Fact]
    public void A_wrapped_key_opens_for_its_own_study_alone()
    {
        using var folder = new TemporaryFolder();
        using BoxKey box = TestVault.Key();
        using var ring = StudyKeyRing.Open(folder.Path, box);
        ring.Make(Study).Dispose();
        (string? text, _) = Bedside.Storage.Retention.TwinFile.Read(new Bedside.Storage.Disk.PosixDisk(folder.Path), StudyKeyRing.Name);
        Bedside.Storage.Retention.TwinFile.Write(new Bedside.Storage.Disk.PosixDisk(folder.Path), StudyKeyRing.Name, text!.Replace(Study, Other, StringComparison.Ordinal));
        Assert.Throws<IOException>(() => ring.Find(Other));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ST 1")]
    [InlineData("ST\n1")]
    [InlineData("../x")]
    public void An_id_that_would_break_the_file_is_no_study(string study)
    {
        using BoxKey box = TestVault.Key();
        using var ring = new StudyKeyRing(new FaultyDisk(new Random(1)), box, () => null);
        Assert.Throws<ArgumentException>(() => ring.Make(study));
    }

    [Fact]
    public void The_file_is_its_owners_alone_and_two_rings_may_change_it_at_once()
    {
        using var folder = new TemporaryFolder();
        using BoxKey box = TestVault.Key();
        using var one = StudyKeyRing.Open(folder.Path, box);
        using var other = StudyKeyRing.Open(folder.Path, box);
        _ = Parallel.For(0, 40, i => (i % 2 == 0 ? one : other).Make($"ST-{i}").Dispose());
        Assert.Equal(40, one.Studies.Count);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(folder.FileIn(StudyKeyRing.Name)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.All(one.Studies, study => Assert.Equal(Name(one.Find(study)), Name(other.Find(study))));
    }

    /// <summary>A disk with two studies, everything durable.</summary>
    private static FaultyDisk Begun(BoxKey box, Random random, out string kept, out string gone)
    {
        var disk = new FaultyDisk(random);
        using var ring = new StudyKeyRing(disk, box, () => null);
        (gone, kept) = (Name(ring.Make(Study)), Name(ring.Make(Other)));
        return disk;
    }

    private static void Change(FaultyDisk disk, BoxKey box)
    {
        using var ring = new StudyKeyRing(disk, box, () => null);
        _ = ring.Destroy(Study);
        ring.Make("ST-2026-016").Dispose();
    }

    private static string Name(StudyKey? key)
    {
        using StudyKey known = key ?? throw new InvalidOperationException("there is no key");
        return new StudyNames(known).Patient(Patient);
    }

    private static byte[] Wrapped(string text) => Convert.FromBase64String(text.Split('\n').First(line => line.StartsWith(Study, StringComparison.Ordinal)).Split(' ')[1]);

    private static bool Holds(TemporaryFolder folder, byte[] bytes) => Directory.EnumerateFiles(folder.Path).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0);
}
