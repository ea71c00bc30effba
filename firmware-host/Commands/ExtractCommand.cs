using System.CommandLine;

namespace Bedside.Host.Commands;

/// <summary><c>bedside extract</c>: research packages.</summary>
internal static class ExtractCommand
{
    public static Command Create() =>
        new("extract", "Research packages: keys for them, and opening them.") { ExtractOpenCommand.Create(), ExtractKeygenCommand.Create() };
}
