using Bedside.Identity;
using Bedside.Model.Stays;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Identity;

/// <summary>A vault on a disk that fails, or loses its power, at every operation.</summary>
public sealed class VaultCrashTests
{
    private const int Steps = 12;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [InlineData((int)Loss.Nothing)]
    [InlineData((int)Loss.Everything)]
    [InlineData((int)Loss.RandomSectors)]
    [InlineData((int)Loss.RandomPages)]
    [InlineData((int)Loss.Garbage)]
    public void WhateverOperationThePowerGoesAtWhatWasSavedIsThereAndNoTokenChanges(int loss)
    {
        int operations = Run(new FaultyDisk(new Random(0)), []).Operations;
        Assert.InRange(operations, 50, 1_000);
        for (int cut = 0; cut <= operations; cut++)
        {
            var disk = new FaultyDisk(new Random(cut)) { CutAt = cut };
            var saved = new List<string>();
            _ = Run(disk, saved);
            disk.Restart((Loss)loss);
            using IdentityVault vault = TestVault.Open(disk, seed: 2);
            AssertHolds(vault, saved, $"cut at {cut}");
            Assert.True(vault.Note.Length == 0, $"cut at {cut}: {vault.Note}");
            _ = TestVault.Admit(vault, "999", "LATER");
            using IdentityVault again = TestVault.Open(disk, seed: 3);
            AssertHolds(again, [.. saved, "P999"], $"cut at {cut}, later");
        }
    }

    [Fact]
    public void AnyOperationMayFailOnceAndTheNextSavingMendsIt()
    {
        int operations = Run(new FaultyDisk(new Random(0)), []).Operations;
        for (int failed = 0; failed < operations; failed++)
        {
            var disk = new FaultyDisk(new Random(failed));
            disk.FailAt.Add(failed);
            var saved = new List<string>();
            IdentityVault? vault = null;
            OnFaultyDisk.Attempt(() => vault = TestVault.Open(disk));
            vault ??= TestVault.Open(disk);
            for (int step = 0; step < Steps; step++)
            {
                Change(vault, step);
                OnFaultyDisk.Attempt(vault.Save);
                saved.Add(NameOf(step));
            }

            vault.Save();
            vault.Dispose();
            using IdentityVault again = TestVault.Open(disk, seed: 2);
            AssertHolds(again, saved, $"operation {failed} failed");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NoNonceServesTwiceUnderOneSaltWhateverFails(int seed)
    {
        var random = new Random(seed);
        var disk = new FaultyDisk(random);
        var seen = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var randomness = new TestVault.Counter(seed);
        for (int life = 0; life < 6; life++)
        {
            using var vault = IdentityVault.Open(disk, TestVault.Key(), randomness.Fill);
            for (int step = 0; step < Steps; step++)
            {
                Change(vault, (life * Steps) + step);
                disk.FailAt.Add(disk.Operations + random.Next(12));
                OnFaultyDisk.Attempt(vault.Save);
                Look(disk, seen);
            }

            disk.FailAt.Clear();
        }

        Assert.NotEmpty(seen);
    }

    [Fact]
    public void ASingleBitThatFlipsCostsNothing()
    {
        var disk = new FaultyDisk(new Random(1));
        var saved = new List<string>();
        _ = Run(disk, saved);
        byte[] good = [.. disk.Content(TestVault.File)];
        int added = AddedAt(good);
        for (int at = 0; at < added; at += 7)
        {
            byte[] bad = [.. good];
            bad[at] ^= (byte)(1 << (at % 8));
            disk.Replace(TestVault.File, bad);
            using IdentityVault vault = TestVault.Open(disk, seed: 2);
            AssertHolds(vault, saved, $"byte {at}");
        }
    }

    [Fact]
    public void AnyBytesInPlaceOfTheFileNeverThrowAndAreSetAside()
    {
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            byte[] nonsense = new byte[random.Next(20_000)];
            random.NextBytes(nonsense);
            if (i % 2 == 0 && nonsense.Length > 64)
            {
                "BEDIDEN1"u8.CopyTo(nonsense);
            }

            var disk = new FaultyDisk(random);
            disk.Replace(TestVault.File, nonsense);
            using IdentityVault vault = TestVault.Open(disk);
            Assert.Contains("cannot be read", vault.Note, StringComparison.Ordinal);
            _ = TestVault.Admit(vault, "1", "A");
            Assert.Equal(nonsense, disk.Content("identities.bad"));
        }
    }

    /// <summary>What a box does; names of what the disk took are added to <paramref name="saved"/>.</summary>
    private static FaultyDisk Run(FaultyDisk disk, List<string> saved)
    {
        try
        {
            using IdentityVault vault = TestVault.Open(disk);
            for (int step = 0; step < Steps; step++)
            {
                Change(vault, step);
                vault.Save();
                saved.Add(NameOf(step));
            }
        }
        catch (IOException)
        {
            // The power is cut.
        }

        return disk;
    }

    private static void Change(IdentityVault vault, int step)
    {
        if (step % 3 == 0)
        {
            _ = TestVault.Keep(vault, $"{step}", $"NAME-{step}");
        }
        else
        {
            vault.Wait(TestVault.Event(vault, $"{step}", $"V{step}"));
        }
    }

    private static string NameOf(int step) => step % 3 == 0 ? $"P{step}" : $"W{step}";

    private static void AssertHolds(IdentityVault vault, IEnumerable<string> saved, string when)
    {
        foreach (string name in saved)
        {
            string number = name[1..];
            PersonToken person = vault.PersonOf(number);
            Assert.True(name[0] == 'P' ? vault.Describe(person) is not null : vault.WaitingFor(TestVault.Event(vault, number, $"V{number}").Visit, default, allVisits: false).Count == 1, $"{when}: {name}");
        }
    }

    /// <summary>Remembers each record of the file by its salt and place; the same place under the same salt must be the same bytes.</summary>
    private static void Look(FaultyDisk disk, Dictionary<string, byte[]> seen)
    {
        disk.FaultsPaused = true;
        foreach (string name in disk.Names().Where(name => name is "identities" or "identities.tmp"))
        {
            byte[] bytes = disk.Content(name);
            if (bytes.Length < VaultFile.HeadBytes)
            {
                continue;
            }

            string salt = Convert.ToHexString(bytes[32..48]);
            int count = BitConverter.ToInt32(bytes, 24);
            int number = Walk(bytes, VaultFile.HeadBytes, 0, count, salt, seen);
            _ = Walk(bytes, AddedAt(bytes), number, int.MaxValue, salt, seen);
        }

        disk.FaultsPaused = false;
    }

    private static int Walk(byte[] bytes, int at, int number, int end, string salt, Dictionary<string, byte[]> seen)
    {
        while (number < end && at + 4 < bytes.Length && BitConverter.ToInt32(bytes, at) is > 16 and < 4_096 and var length && at + 4 + length <= bytes.Length)
        {
            byte[] record = bytes[(at + 4)..(at + 4 + length)];
            string place = $"{salt} {number}";
            Assert.True(!seen.TryGetValue(place, out byte[]? before) || before.AsSpan().SequenceEqual(record), $"{place} was encrypted twice");
            seen[place] = record;
            at += 4 + length;
            number++;
        }

        return number;
    }

    private static int AddedAt(byte[] bytes) => 2 * ((64 + BitConverter.ToInt32(bytes, 28) + 4095) / 4096 * 4096);
}
