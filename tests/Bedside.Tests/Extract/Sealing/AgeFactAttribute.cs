namespace Bedside.Tests.Extract.Sealing;

/// <summary>A test against an independent implementation; skipped, and said so, where Debian's age is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AgeFactAttribute : FactAttribute
{
    public AgeFactAttribute()
    {
        if (!Programs.Has("age") || !Programs.Has("age-keygen"))
        {
            Skip = "age is not installed (Debian: apt-get install age)";
        }
    }
}
