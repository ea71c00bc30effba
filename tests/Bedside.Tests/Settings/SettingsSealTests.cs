using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bedside.Host.Settings;
using Bedside.Model.Settings;
using Bedside.Storage.Keys;
using Bedside.Storage.Retention;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Settings;

/// <summary>The bed's name stands in the settings: on the disk they are sealed under the box key, and what cannot be opened is kept and said.</summary>
public class SettingsSealTests
{
    private const string Canary = "CANARYBED";
    private static readonly Loss[] Losses = [Loss.Nothing, Loss.Everything, Loss.RandomSectors, Loss.RandomPages, Loss.Garbage];

    [Fact]
    public void Neither_the_bed_in_effect_nor_an_earlier_nor_a_prepared_one_is_on_the_disk_in_the_clear()
    {
        var disk = new FaultyDisk(new Random(1));
        Named(disk, SettingsBench.Secret).Prepare(new SettingsForm { Bed = $"{Canary}2" });
        AssertSealed(disk);

        SettingsBench later = new SettingsBench(disk).Start();
        Assert.Equal((Canary, $"{Canary}2"), (later.Desk.Ward.Bed, later.Desk.State.Draft?.Settings.Ward.Bed));
        Assert.Null(later.Desk.Note);
    }

    /// <summary>FORMAT.md of the host, section 1, without the product's code for it.</summary>
    [Fact]
    public void The_file_opens_by_hand_with_the_key_derived_as_written_down_and_with_nothing_else()
    {
        var disk = new FaultyDisk(new Random(1));
        using BoxKey box = TestKeys.Box;
        Named(disk, box.Derive(SettingsFile.Purpose));
        using var outside = JsonDocument.Parse(TwinFile.Read(disk, SettingsFile.Name).Text!);
        Assert.Equal(["version", "sealed"], outside.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.Equal(2, outside.RootElement.GetProperty("version").GetInt32());
        byte[] made = outside.RootElement.GetProperty("sealed").GetBytesFromBase64();
        byte[] plain = new byte[made.Length - 28];
        using var aes = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. Enumerable.Range(1, 32).Select(number => (byte)number)], 32, salt: [], "bedside settings"u8.ToArray()), 16);
        aes.Decrypt(made.AsSpan(0, 12), made.AsSpan(12, plain.Length), made.AsSpan(12 + plain.Length), plain, "settings\0version 2"u8);
        using var inside = JsonDocument.Parse(plain);
        Assert.Equal(Canary, inside.RootElement.GetProperty("versions").EnumerateArray().Last().GetProperty("settings").GetProperty("bed").GetString());
        Assert.Throws<AuthenticationTagMismatchException>(() => aes.Decrypt(made.AsSpan(0, 12), made.AsSpan(12, plain.Length), made.AsSpan(12 + plain.Length), plain, "settings"u8));
    }

    [Fact]
    public void A_file_of_an_earlier_build_is_read_once_and_written_sealed()
    {
        FaultyDisk disk = OfEarlierBuild();
        SettingsBench later = new SettingsBench(disk).Start();

        Assert.Equal((Canary, 2), (later.Desk.Ward.Bed, later.Desk.State.Versions.Count));
        Assert.Null(later.Desk.State.Kept);
        Assert.Equal([SettingsFile.Name], disk.Names());
        AssertSealed(disk);
        Assert.Equal(Canary, new SettingsBench(disk).Start().Desk.Ward.Bed);
    }

    [Fact]
    public void A_power_cut_or_a_failing_disk_while_that_is_done_costs_nothing_and_the_next_start_ends_it()
    {
        FaultyDisk earlier = OfEarlierBuild();
        FaultyDisk whole = earlier.Copy(new Random(0));
        int before = whole.Operations;
        new SettingsBench(whole).Start();
        for (int at = before; at < whole.Operations; at++)
        {
            foreach (Loss loss in Losses)
            {
                foreach (bool fails in (bool[])[false, true])
                {
                    FaultyDisk disk = earlier.Copy(new Random((at * 10) + (int)loss));
                    disk.CutAt = fails ? int.MaxValue : at;
                    disk.FailAt.UnionWith(fails ? [at] : []);
                    new SettingsBench(disk).Start();
                    disk.Restart(loss);
                    Assert.Equal(Canary, new SettingsBench(disk).Start().Desk.Ward.Bed);
                    AssertSealed(disk);
                }
            }
        }
    }

    [Fact]
    public void Under_another_box_key_it_is_set_aside_beside_what_was_before_and_said_with_the_remedy_and_the_former_key_opens_it()
    {
        var disk = new FaultyDisk(new Random(1));
        Named(disk, SettingsBench.Secret);
        byte[] other = [.. SettingsBench.Secret.Reverse()];
        SettingsBench replaced = new SettingsBench(disk) { Key = other }.Start();
        Assert.Equal(string.Empty, replaced.Desk.Ward.Bed);
        Assert.Contains("settings.bad", replaced.Desk.Note!.En, StringComparison.Ordinal);
        Assert.Contains("put the former key back and rename", replaced.Desk.State.Kept, StringComparison.Ordinal);
        Assert.Contains("remettez l’ancienne clé", replaced.Desk.Note.Fr, StringComparison.Ordinal);

        // It is said for as long as it lies there, and nothing takes its place.
        Assert.NotNull((new SettingsBench(disk) { Key = other }).Start().Desk.Note);
        SettingsBench back = new SettingsBench(disk).Start();
        Assert.Equal(["settings", "settings.2.bad", "settings.bad"], disk.Names().Order(StringComparer.Ordinal));
        Assert.Contains("settings.2.bad, settings.bad", back.Desk.Note!.En, StringComparison.Ordinal);

        disk.Rename("settings.bad", SettingsFile.Name);
        Assert.Equal(Canary, new SettingsBench(disk).Start().Desk.Ward.Bed);
        AssertSealed(disk);
    }

    [Fact]
    public void Without_a_box_key_a_sealed_file_is_neither_opened_nor_written_over()
    {
        var disk = new FaultyDisk(new Random(1));
        Named(disk, SettingsBench.Secret);
        byte[] before = [.. disk.Content(SettingsFile.Name)];
        SettingsBench without = new SettingsBench(disk) { Key = null }.Start();
        Assert.Equal(string.Empty, without.Desk.Ward.Bed);
        Assert.NotNull(without.Desk.State.Kept);
        Assert.Equal(SettingsReply.NotStored, without.Prepare(new SettingsForm { Bed = "13" }));
        Assert.Equal(before, disk.Content(SettingsFile.Name));
        Assert.Equal(Canary, new SettingsBench(disk).Start().Desk.Ward.Bed);
    }

    [Fact]
    public void A_box_without_a_box_key_keeps_them_as_they_are()
    {
        FaultyDisk disk = OfEarlierBuild();
        Assert.Contains(Canary, Everything(disk), StringComparison.Ordinal);
        Assert.Equal(Canary, new SettingsBench(disk) { Key = null }.Start().Desk.Ward.Bed);
    }

    private static FaultyDisk OfEarlierBuild()
    {
        var disk = new FaultyDisk(new Random(1));
        Named(disk, key: null);
        return disk;
    }

    private static SettingsBench Named(FaultyDisk disk, byte[]? key)
    {
        SettingsBench bench = new SettingsBench(disk) { Key = key }.Start();
        bench.Prepare(new SettingsForm { Bed = Canary });
        Assert.Equal(SettingsReply.Done, bench.Desk.Apply());
        return bench;
    }

    private static void AssertSealed(FaultyDisk disk)
    {
        string all = Everything(disk);
        Assert.DoesNotContain(Canary, all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)), all, StringComparison.Ordinal);
        Assert.DoesNotContain("timeZone", all, StringComparison.OrdinalIgnoreCase);
    }

    private static string Everything(FaultyDisk disk) => string.Concat(disk.Names().Select(name => Encoding.Latin1.GetString(disk.Content(name))));
}
