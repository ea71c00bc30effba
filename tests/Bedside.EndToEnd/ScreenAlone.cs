namespace Bedside.EndToEnd;

/// <summary>
/// Tests that measure a screen run by themselves: beside others, a simulator killed elsewhere gives its pseudo-terminal back, the system hands the same one to the next
/// simulator, and the wrong box then reads along on its line.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ScreenAlone
{
    public const string Name = "a screen alone";
}
