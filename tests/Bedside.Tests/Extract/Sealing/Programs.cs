using System.Diagnostics;

namespace Bedside.Tests.Extract.Sealing;

/// <summary>What a program of others said.</summary>
internal sealed record Said(int Exit, string Output, string Error);

/// <summary>Runs programs of others.</summary>
internal static class Programs
{
    public static bool Has(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    public static async Task<Said> RunAsync(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!; // it always starts a new one
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Said(process.ExitCode, output, await error);
    }

    /// <summary>The same, of a program that must succeed.</summary>
    public static async Task<string> OutputAsync(string folder, string program, params string[] arguments)
    {
        Said said = await RunAsync(folder, program, arguments);
        Assert.True(said.Exit == 0, $"{program} {string.Join(' ', arguments)}: {said.Output}{said.Error}");
        return said.Output;
    }
}
