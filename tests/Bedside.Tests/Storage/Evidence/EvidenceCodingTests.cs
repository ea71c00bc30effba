using Bedside.Storage;
using Bedside.Storage.Evidence;

namespace Bedside.Tests.Storage.Evidence;

/// <summary>Entries to bytes and back.</summary>
public sealed class EvidenceCodingTests
{
    [Fact]
    public void EntriesComeBackAsTheyWere_AndTheirTimesWithinWhatTheyState()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            EvidenceEntry[] written = Entries(new Random(seed));
            EvidenceEntry[] read = EvidenceWindow.Unpack(EvidenceWindow.Pack(written));
            Assert.Equal(written.Length, read.Length);
            for (int i = 0; i < read.Length; i++)
            {
                Assert.Equal(EvidenceBed.Line(written[i]), EvidenceBed.Line(read[i]));
                Assert.Equal(written[i].Port, read[i].Port);
                Assert.Equal((written[i].Loss, written[i].LostChunks, written[i].LostBytes), (read[i].Loss, read[i].LostChunks, read[i].LostBytes));
                Assert.InRange(read[i].At.Since(written[i].At), -EvidenceCoding.TickNanoseconds / 2, EvidenceCoding.TickNanoseconds / 2);
                long moved = Math.Abs(read[i].Utc.Since(written[i].Utc));
                Assert.True(moved + (written[i].UncertaintyMicroseconds * 1000L) <= read[i].UncertaintyMicroseconds * 1000L, $"seed {seed}: entry {i} was moved by {moved} ns and does not say so");
            }

            Assert.Equal(EvidenceWindow.Pack(written), EvidenceWindow.Pack(written));
        }
    }

    [Fact]
    public void AnUnknownUncertaintyStaysUnknown()
    {
        EvidenceEntry entry = new EvidenceBed(1).Next() with { UncertaintyMicroseconds = uint.MaxValue };
        Assert.Equal(uint.MaxValue, Assert.Single(EvidenceWindow.Unpack(EvidenceWindow.Pack([entry]))).UncertaintyMicroseconds);
    }

    [Fact]
    public void ChangedBytesAreRefusedOrDecoded_AndNeverThrowAnythingElse()
    {
        int refused = 0;
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            byte[] window = EvidenceWindow.Pack(Entries(random));
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                window[random.Next(window.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                _ = EvidenceWindow.Unpack(random.Next(4) == 0 ? window.AsSpan(0, random.Next(window.Length)) : window);
            }
            catch (BlockFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 3000);
    }

    private static EvidenceEntry[] Entries(Random random)
    {
        var bed = new EvidenceBed(random.Next());
        return
        [
            .. Enumerable.Range(0, random.Next(1, 60)).Select(_ =>
            {
                bed.Offset += random.Next(10) == 0 ? random.Next(-3_000_000, 3_000_000) : random.Next(-2_000, 2_000);
                EvidenceEntry entry = bed.Next() with { UncertaintyMicroseconds = (uint)random.Next(1, 100_000) };
                return random.Next(8) switch
                {
                    0 => entry with { Kind = EvidenceKind.Silent, Bytes = default },
                    1 => entry with { Kind = EvidenceKind.Opened, Bytes = default },
                    2 => entry with { Kind = EvidenceKind.Hole, Bytes = default, Loss = EvidenceLoss.Overload, From = entry.Utc.Add(-random.Next()), LostChunks = random.Next(), LostBytes = random.NextInt64() },
                    _ => entry,
                };
            }),
        ];
    }
}
