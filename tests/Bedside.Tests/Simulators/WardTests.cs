using Bedside.Ingest.Hl7;
using Bedside.Simulators;
using Bedside.Simulators.Ward;
using Bedside.Tests.Extract;

namespace Bedside.Tests.Simulators;

/// <summary>The ward that <c>bedside sim ward</c> writes.</summary>
public sealed class WardTests
{
    [Fact]
    public void Stays_of_a_bed_follow_each_other_and_some_patients_come_back_to_another_bed()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            IReadOnlyList<WardStay> stays = WardStory.Of(Options(seed, stays: 60));
            Assert.Equal(60, stays.Count);
            Assert.All(stays.GroupBy(stay => stay.Box), bed => Assert.All(bed.Zip(bed.Skip(1)), pair => Assert.True(pair.First.From < pair.First.To && pair.First.To < pair.Second.From)));
            Assert.All(stays.GroupBy(stay => stay.Person).Where(person => person.Count() > 1), person =>
            {
                WardStay[] inTime = [.. person.OrderBy(stay => stay.From)];
                Assert.True(inTime[0].To < inTime[1].From, "nobody lies in two beds at once");
                Assert.NotEqual(inTime[0].Box, inTime[1].Box);
            });
        }

        Assert.Contains(WardStory.Of(Options(1, stays: 60)).GroupBy(stay => stay.Person), person => person.Count() == 2);
    }

    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_every_message_is_read_without_a_fault()
    {
        using var folder = new Folder();
        string[] first = Write(folder.New("a"));
        string[] again = Write(folder.New("b"));
        Assert.Equal(first.Select(File.ReadAllText), again.Select(File.ReadAllText));
        int messages = 0;
        foreach (string file in first)
        {
            var split = MessageSplit.Of(File.ReadAllBytes(file), new Hl7Settings().Limits);
            Assert.Empty(split.Faults);
            foreach (ReadOnlyMemory<byte> one in split.Messages)
            {
                Assert.Null(Hl7Message.Read(one, new Hl7Settings().Limits).Rejection);
                messages++;
            }
        }

        Assert.True(messages > 100, $"{messages} messages");
    }

    [Fact]
    public void Words_that_make_no_sense_are_refused_with_a_sentence()
    {
        Assert.Contains("--out", Assert.Throws<UsageException>(() => WardOptions.Parse([])).Message, StringComparison.Ordinal);
        Assert.Contains("--boxes is a number", Assert.Throws<UsageException>(() => WardOptions.Parse(["--out", "x", "--boxes", "0"])).Message, StringComparison.Ordinal);
        Assert.Contains("no day", Assert.Throws<UsageException>(() => WardOptions.Parse(["--out", "x", "--from", "yesterday"])).Message, StringComparison.Ordinal);
    }

    private static WardOptions Options(int seed, int stays) => WardOptions.Parse(["--out", "unused", "--seed", $"{seed}", "--stays", $"{stays}"]);

    private static string[] Write(string folder)
    {
        Assert.Equal(0, WardFolder.Run(["--out", folder, "--stays", "6", "--boxes", "3", "--every", "7200", "--waves", "2"], TextWriter.Null));
        return [.. Directory.GetFiles(folder, "*.hl7", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }
}
