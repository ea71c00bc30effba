using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Bedside.Extract.Sealing;
using Xunit.Abstractions;

namespace Bedside.Tests.Extract.Sealing;

/// <summary>Hash, pack and encrypt a payload of 64 MiB: <c>BEDSIDE_SEAL_MIB=2048 ./bedside test SealingSpeedTests</c> for another size. Prints seconds of each step; what is asserted holds on any machine.</summary>
[Collection(Alone.Name)]
public sealed class SealingSpeedTests(ITestOutputHelper output)
{
    private const int Files = 8;
    private const int MiB = 1 << 20;
    private const long MostAllocated = 24 * MiB;

    [Fact]
    public void Sealing_takes_no_more_memory_for_a_larger_package()
    {
        int size = int.Parse(Environment.GetEnvironmentVariable("BEDSIDE_SEAL_MIB") ?? "64", CultureInfo.InvariantCulture);
        using var folder = new Folder();
        string place = folder.New(SampleBag.Name);
        Fill(place, size);
        using ECDsa signer = SampleBag.NewSigner();
        using var ann = AgeIdentity.Generate();
        long before = GC.GetTotalAllocatedBytes(precise: true);

        long start = TimeProvider.System.GetTimestamp();
        BagSeal seal = Bag.Close(place, SampleBag.About, signer);
        Say("hash and close", size, ref start);
        using (FileStream file = File.Create(folder.New("p.tar.age")))
        using (Stream stream = AgeFile.Encrypt(file, [ann.Recipient]))
        {
            PackageTar.Write(place, SampleBag.Name, stream);
        }

        Say("tar and age to disk", size, ref start);
        PackageTar.Write(place, SampleBag.Name, Stream.Null);
        Say("tar to nowhere", size, ref start);
        using (Stream stream = AgeFile.Encrypt(Stream.Null, [ann.Recipient]))
        {
            byte[] part = new byte[MiB];
            for (int i = 0; i < size; i++)
            {
                stream.Write(part);
            }
        }

        Say("age in memory", size, ref start);
        Directory.CreateDirectory(folder.New("out"));
        using (FileStream file = File.OpenRead(folder.New("p.tar.age")))
        using (Stream stream = AgeFile.Decrypt(file, ann))
        {
            PackageTar.Read(stream, folder.New("out"));
        }

        Say("decrypt and unpack", size, ref start);
        BagReport report = Bag.Check(folder.New($"out/{SampleBag.Name}"));
        Say("check", size, ref start);

        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        output.WriteLine($"allocated {allocated / MiB} MiB, peak of the process {Process.GetCurrentProcess().PeakWorkingSet64 / MiB} MiB");
        Assert.Equal(new BagReport(string.Empty, SampleBag.Name, seal.SignerDigest, Files, (long)size * MiB), report);
        Assert.InRange(allocated, 0, MostAllocated);
    }

    private static void Fill(string place, int size)
    {
        var random = new Random(3);
        byte[] part = new byte[MiB];
        random.NextBytes(part);
        Directory.CreateDirectory(Path.Combine(place, "data", "waves"));
        for (int i = 0; i < Files; i++)
        {
            using FileStream file = File.Create(Path.Combine(place, "data", "waves", $"stay{i}.arrow"));
            for (int written = 0; written < (size / Files) + (i < size % Files ? 1 : 0); written++)
            {
                file.Write(part);
            }
        }
    }

    private void Say(string what, int size, ref long start)
    {
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-20} {seconds,7:0.00} s {size * 1.048576 / seconds,7:0} MB/s"));
        start = TimeProvider.System.GetTimestamp();
    }
}
