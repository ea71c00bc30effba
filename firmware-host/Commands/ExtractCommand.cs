using System.CommandLine;
using Bedside.Host.Research;

namespace Bedside.Host.Commands;

/// <summary><c>bedside extract</c>: studies and their packages. It works beside a running box.</summary>
internal static class ExtractCommand
{
    public static Command Create(StudyConsoleWorld? other = null)
    {
        StudyConsoleWorld world = other ?? StudyConsoleWorld.Real;
        var command = new Command("extract", "Studies: a request, two agreements, time to say no, a package without names, and its end. What is public stands in the public log.")
        {
            ExtractRequestCommands.TemplateForm(), ExtractRequestCommands.Check(world), ExtractRequestCommands.Draft(world), ExtractRequestCommands.Change(world),
            ExtractOpenCommand.Create(), ExtractKeygenCommand.Create(),
            ExtractShowCommands.List(world), ExtractShowCommands.Show(world), ExtractShowCommands.Log(world), ExtractAvailabilityCommand.Create(world), ExtractAvailabilityCommand.Sample(),
        };
        foreach (Command step in ExtractStepCommands.All(world).Concat(ExtractPackageCommands.All(world)))
        {
            command.Add(step);
        }

        return command;
    }
}
