using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Tests.Storage.Keys;

/// <summary>The file of keys: what it survives, and that what was erased does not come back.</summary>
public sealed class StayKeysTests
{
    private static readonly StayId First = new(0x11);
    private static readonly StayId Second = new(0x22);
    private static readonly UtcInstant Now = Bed.Start;
    private static readonly FileIdentity File = new(FileKind.Segment, 3);

    [Fact]
    public void StaysAreThereAgainAfterARestart()
    {
        FaultyDisk disk = WithTwoStays();
        using StayKeys keys = Load(disk);
        Assert.Equal(Second, keys.Current);
        Assert.Equal([StayState.Ended, StayState.Current], keys.Stays.Select(stay => stay.State));
        Assert.Equal(Now.Add(5), keys.Stays[0].Ended);
        AssertOpens(keys, First);
        AssertOpens(keys, Second);
    }

    [Fact]
    public void BeginningTheCurrentStayAgainChangesNothing_AndOneThatEndedDoesNotBeginAgain()
    {
        FaultyDisk disk = WithTwoStays();
        using StayKeys keys = Load(disk);
        byte[] before = [.. disk.Content(FileNames.Keys)];
        keys.Begin(Second, Now);
        keys.Save();
        Assert.Equal(before, disk.Content(FileNames.Keys));
        _ = Assert.Throws<ArgumentException>(() => keys.Begin(First, Now));
    }

    [Fact]
    public void AnotherBoxKeyOpensNothing_AndSaysSo()
    {
        FaultyDisk disk = WithTwoStays();
        using var keys = StayKeys.Load(disk, TestKeys.Options() with { BoxKey = TestKeys.OtherBox }, _ => { });
        Assert.Equal(StayId.None, keys.Current);
        KeyMissingException missing = Assert.Throws<KeyMissingException>(() => keys.Cipher(File, new FileSeal(First, 1)));
        Assert.Contains("another box key", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithAnotherBoxKeyNewStaysBegin_AndTheOldOnesAreStillThereForTheRightOne()
    {
        FaultyDisk disk = WithTwoStays();
        using (var keys = StayKeys.Load(disk, TestKeys.Options(9) with { BoxKey = TestKeys.OtherBox }, _ => { }))
        {
            keys.Begin(new StayId(0x33), Now.Add(9));
            keys.Save();
            AssertOpens(keys, new StayId(0x33));
        }

        using StayKeys again = Load(disk);
        AssertOpens(again, First);
        AssertOpens(again, Second);
    }

    [Fact]
    public void ADamagedByteAnywhereCostsNothing_AndIsNamed()
    {
        FaultyDisk disk = WithTwoStays();
        byte[] content = disk.Content(FileNames.Keys);
        var random = new Random(4);
        for (int at = 0; at < content.Length; at += at % (content.Length / 2) < 300 ? 1 : 61)
        {
            bool isUsed = at % (content.Length / 2) < KeyFile.HeadBytes + (2 * KeyFile.StayBytes);
            byte error = (byte)random.Next(1, 256);
            content[at] ^= error;
            var damaged = new List<Damage>();
            using (var keys = StayKeys.Load(disk, TestKeys.Options(), damaged.Add))
            {
                AssertOpens(keys, First);
                AssertOpens(keys, Second);
                Assert.Equal(Second, keys.Current);
            }

            Assert.Equal(isUsed, damaged.Count == 1);
            content[at] ^= error;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(200)]
    [InlineData(4096)]
    [InlineData(4300)]
    public void ACutFileCostsAtMostWhatWasCutOff(int length)
    {
        FaultyDisk disk = WithTwoStays();
        disk.Replace(FileNames.Keys, disk.Content(FileNames.Keys)[..length]);
        var damaged = new List<Damage>();
        using var keys = StayKeys.Load(disk, TestKeys.Options(), damaged.Add);
        _ = Assert.Single(damaged);
        if (length >= KeyFile.HeadBytes + (2 * KeyFile.StayBytes))
        {
            AssertOpens(keys, First);
            AssertOpens(keys, Second);
        }
    }

    [Fact]
    public void ALostFileIsKeptForAPerson_UntilSomethingIsErased()
    {
        FaultyDisk disk = WithTwoStays();
        byte[] good = [.. disk.Content(FileNames.Keys)];
        byte[] bad = [.. good];
        for (int copy = 0; copy < 2; copy++)
        {
            bad[(copy * good.Length / 2) + KeyFile.HeadBytes + 60] ^= 1;
        }

        disk.Replace(FileNames.Keys, bad);
        using StayKeys keys = Load(disk);
        _ = Assert.Throws<KeyMissingException>(() => keys.Cipher(File, new FileSeal(First, 1)));
        AssertOpens(keys, Second);
        keys.Save();
        Assert.Equal(bad, disk.Content(FileNames.Bad(FileNames.Keys)));
        keys.Erase(First, Now);
        Assert.DoesNotContain(FileNames.Bad(FileNames.Keys), disk.Names());
        AssertOpens(keys, Second);
    }

    [Fact]
    public void AnErasedKeyIsInNoFileAndNoMemory()
    {
        FaultyDisk disk = WithTwoStays();
        byte[] wrapped = WrappedKey(disk, First);
        using StayKeys keys = Load(disk);
        FileCipher held = keys.Cipher(File, new FileSeal(First, 1));
        using IDiskFile before = disk.Open(FileNames.Keys, DiskAccess.Read);
        keys.Erase(First, Now);
        Assert.True(keys.IsErased(First));
        _ = Assert.Throws<KeyMissingException>(() => held.Encrypt(0, [], [], [], new byte[FileCipher.TagBytes]));
        _ = Assert.Throws<KeyMissingException>(() => keys.Cipher(File, new FileSeal(First, 1)));
        AssertOpens(keys, Second);
        Assert.All(disk.Names(), name => Assert.Equal(-1, disk.Content(name).AsSpan().IndexOf(wrapped.AsSpan(12, 32))));

        // The place on the disk where the old file was holds zeros, too.
        byte[] old = new byte[before.Length];
        _ = before.Read(0, old);
        Assert.False(old.AsSpan().ContainsAnyExcept((byte)0));
        _ = Assert.Throws<ArgumentException>(() => keys.Erase(Second, Now));
    }

    [Fact]
    public void WhateverOperationFailsOrIsCut_TheFileOfKeysIsOldOrNew_AndNothingErasedComesBack()
    {
        for (int operation = 0; operation < 24; operation++)
        {
            foreach (Loss loss in Enum.GetValues<Loss>())
            {
                OneFault(operation, loss);
            }
        }
    }

    private static void OneFault(int operation, Loss loss)
    {
        string at = $"operation {operation}, {loss}";
        FaultyDisk disk = WithTwoStays();
        bool cuts = operation % 2 == 0;
        int when = disk.Operations + 2 + (operation / 2);
        (bool isBegun, bool isErased) = (false, false);
        try
        {
            using StayKeys keys = Load(disk);
            disk.CutAt = cuts ? when : int.MaxValue;
            _ = cuts || disk.FailAt.Add(when);
            keys.Begin(new StayId(0x33), Now.Add(8));
            keys.Save();
            isBegun = true;
            keys.Erase(First, Now.Add(9));
            isErased = true;
        }
        catch (IOException)
        {
            // What was not acknowledged may be so or so.
        }

        disk.Restart(loss);
        foreach (string name in disk.Names().Where(FileNames.IsUnfinished))
        {
            disk.Delete(name);
        }

        var damaged = new List<Damage>();
        using var after = StayKeys.Load(disk, TestKeys.Options(), damaged.Add);
        Assert.Empty(damaged);
        AssertOpens(after, Second);
        Assert.True(!isBegun || after.Current == new StayId(0x33), at);
        Assert.True(!isErased || after.IsErased(First), at);
        if (after.IsErased(First))
        {
            _ = Assert.Throws<KeyMissingException>(() => after.Cipher(File, new FileSeal(First, 1)));
        }
        else
        {
            AssertOpens(after, First);
        }
    }

    private static FaultyDisk WithTwoStays()
    {
        var disk = new FaultyDisk(new Random(2));
        using StayKeys keys = Load(disk);
        keys.Begin(First, Now);
        keys.Save();
        keys.Begin(Second, Now.Add(5));
        keys.Save();
        return disk;
    }

    private static StayKeys Load(FaultyDisk disk) => StayKeys.Load(disk, TestKeys.Options(), _ => { });

    private static byte[] WrappedKey(FaultyDisk disk, StayId stay)
    {
        using StayKeys keys = Load(disk);
        return keys.Stays.Single(known => known.Id == stay).Wrapped.ToArray();
    }

    private static void AssertOpens(StayKeys keys, StayId stay)
    {
        byte[] tag = new byte[FileCipher.TagBytes];
        FileCipher cipher = keys.Cipher(File, new FileSeal(stay, 1));
        cipher.Encrypt(1, [], [], [], tag);
        cipher.LetGo();
    }
}
