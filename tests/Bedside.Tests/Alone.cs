namespace Bedside.Tests;

/// <summary>Tests that weigh the memory of the whole process, and so must not run beside others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
