using System.CommandLine;
using System.Diagnostics;
using Bedside.Host.Commands;

namespace Bedside.Tests.Tidy;

/// <summary>The service units of deploy/ take away what they should, and start what there is.</summary>
public sealed class ServiceUnitTests
{
    /// <summary>As trust.md, section 2.5, in tenths.</summary>
    private const string Threshold = "15";

    public static TheoryData<string> Units => ["bedside.service", "bedside-talker.service"];

    [SystemdTheory]
    [MemberData(nameof(Units))]
    public void A_unit_is_exposed_by_less_than_one_and_a_half_of_ten(string unit)
    {
        using Process analyze = Process.Start(new ProcessStartInfo("systemd-analyze", ["security", "--offline=yes", "--no-pager", $"--threshold={Threshold}", PathOf(unit)]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        string said = analyze.StandardOutput.ReadToEnd();
        analyze.WaitForExit();
        Assert.True(analyze.ExitCode == 0, said);
        Assert.Contains("Overall exposure level", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_units_start_is_understood_by_the_program()
    {
        Assert.Empty(RunCommand.Create().Parse(WordsOf("bedside.service", "run")).Errors);
        Assert.Empty(TalkerCommand.Create().Parse(WordsOf("bedside-talker.service", "talker")).Errors);
        Assert.Equal(WordAfter("bedside.service", "run", "--talker"), WordAfter("bedside-talker.service", "talker", "--socket"));
    }

    [Fact]
    public void The_program_with_the_screen_has_no_device_and_the_one_with_the_ports_no_network()
    {
        string[] box = File.ReadAllLines(PathOf("bedside.service"));
        string[] talker = File.ReadAllLines(PathOf("bedside-talker.service"));
        Assert.Contains("PrivateDevices=yes", box);
        Assert.DoesNotContain(box, line => line.StartsWith("DeviceAllow=", StringComparison.Ordinal) || line.Contains("=dialout", StringComparison.Ordinal));
        Assert.Contains("PrivateNetwork=yes", talker);
        Assert.Contains("RestrictAddressFamilies=AF_UNIX", talker);
        Assert.Contains("TemporaryFileSystem=/var:ro", talker);
    }

    private static string[] WordsOf(string unit, string command)
    {
        string start = File.ReadLines(PathOf(unit)).Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        string[] words = start["ExecStart=".Length..].Split(' ');
        Assert.Equal(["/usr/bin/bedside", command], words[..2]);
        return words[2..];
    }

    private static string WordAfter(string unit, string command, string option)
    {
        string[] words = WordsOf(unit, command);
        return words[Array.IndexOf(words, option) + 1];
    }

    private static string PathOf(string unit) => Repository.PathOf($"deploy/{unit}");
}

/// <summary>A test that asks systemd what a unit takes away.</summary>
internal sealed class SystemdTheoryAttribute : TheoryAttribute
{
    public SystemdTheoryAttribute()
    {
        if (!Array.Exists((Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'), folder => File.Exists(Path.Combine(folder, "systemd-analyze"))))
        {
            Skip = "systemd-analyze is not installed (Debian: apt-get install systemd)";
        }
    }
}
