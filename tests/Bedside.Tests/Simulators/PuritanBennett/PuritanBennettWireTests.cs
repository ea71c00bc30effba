using System.Text;
using Bedside.Ingest.Links;
using Bedside.Simulators;
using Bedside.Simulators.PuritanBennett;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Simulators.PuritanBennett;

/// <summary>What the simulated ports put on the line, against the sheet.</summary>
public sealed class PuritanBennettWireTests
{
    public static readonly TheoryData<string> Modes = [.. VentilationMode.All.Select(mode => mode.Name)];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Replies_have_the_counts_of_the_recordings(string mode)
    {
        string text = Said(new SimulatedLine(PuritanBennettPorts.Pb840, "puritan-bennett-840", "--mode", mode).Run(6));

        string[] replies = text.Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("MISCF,1225,169 ,\u0002", replies[0], StringComparison.Ordinal);
        Assert.StartsWith("MISCA,706,97,\u0002", replies[1], StringComparison.Ordinal);
        Assert.Equal((1243, 721), (replies[0].Length, replies[1].Length));
        foreach (string reply in replies)
        {
            string body = reply[(reply.IndexOf('\u0002', StringComparison.Ordinal) + 1)..reply.IndexOf('\u0003', StringComparison.Ordinal)];
            int[] counts = [.. reply.Split(',')[1..3].Select(int.Parse)];
            Assert.Equal((body.Length, body.Count(letter => letter == (char)44)), (counts[0], counts[1]));
            Assert.EndsWith(",\u0003", reply, StringComparison.Ordinal);
            Assert.Equal("840 3500000001    ", body.Split(',')[1]);
        }
    }

    [Fact]
    public void Bytes_take_their_time_at_the_lines_speed()
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Pb840, "puritan-bennett-840").Run(1.9);
        Chunk[] heard = [.. line.Line.Where(chunk => chunk.Direction == ChunkDirection.FromDevice)];
        Assert.Equal(1244, heard.Sum(chunk => chunk.Bytes.Length));
        Assert.Equal(1.295, (heard[^1].ArrivedAt.Nanoseconds - heard[0].ArrivedAt.Nanoseconds) / 1e9, 0.03);
    }

    [Fact]
    public void An_older_software_does_not_know_sndf()
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Pb840, "puritan-bennett-840", "--basic-only").Run(20);
        Assert.DoesNotContain("MISCF", Said(line), StringComparison.Ordinal);
        Assert.Equal("ac-pc", VentilationMode.ByName("ac-pc")?.Name);
        Assert.NotNull(line.Ear.Number("ppeak"));
    }

    [Fact]
    public void The_waveform_port_sends_fifty_lines_a_second_between_marks()
    {
        string text = Said(new SimulatedLine(PuritanBennettPorts.Waveform, "puritan-bennett-waveform").Run(20));

        string[] lines = [.. text.Split('\n')[..^1]];
        Assert.StartsWith("BS, S:65426,", lines[0], StringComparison.Ordinal);
        Assert.InRange(lines.Count(line => !line.StartsWith('B')), 995, 1001);
        Assert.All(lines, line => Assert.Matches(@"^(BS, S:\d+,|BE|-?\d+\.\d\d, -?\d+\.\d\d)$", line));
        int[] numbers = [.. lines.Where(line => line.StartsWith("BS", StringComparison.Ordinal)).Select(line => int.Parse(line[6..^1]))];
        Assert.Equal(Enumerable.Range(65_426, numbers.Length), numbers);
        Assert.Equal(numbers.Length - 1, lines.Count(line => line == "BE"));
        Assert.Contains(lines, line => line.StartsWith('-'));
    }

    [Fact]
    public void Breath_numbers_wrap_where_they_are_told_to()
    {
        string text = Said(new SimulatedLine(PuritanBennettPorts.Waveform, "puritan-bennett-waveform", "--breath", "98", "--wrap", "99", "--crlf").Run(12));
        Assert.StartsWith("BS, S:98,\r\n", text, StringComparison.Ordinal);
        Assert.Contains("BE\r\nBS, S:0,\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_option_is_refused_in_a_sentence()
    {
        Assert.Throws<UsageException>(() => new SimulatedLine(PuritanBennettPorts.Pb840, "puritan-bennett-840", "--mode", "sleep"));
        Assert.Throws<UsageException>(() => new SimulatedLine(PuritanBennettPorts.Pb840, "puritan-bennett-840", "--identity", "much longer than eighteen"));
    }

    private static string Said(SimulatedLine line) =>
        Encoding.Latin1.GetString([.. line.Line.Where(chunk => chunk.Direction == ChunkDirection.FromDevice).SelectMany(chunk => chunk.Bytes.ToArray())]);
}
