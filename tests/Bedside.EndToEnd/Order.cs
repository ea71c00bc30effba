// Most tests wait for real processes and a real browser, so classes run side by side. What holds the product to a limit in fractions of a second has the machine to itself, afterwards.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace Bedside.EndToEnd;

/// <summary>Classes of tests during which nothing else runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
