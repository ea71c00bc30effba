namespace Bedside.Model.Research;

/// <summary>Now, and the day on the ward's calendar.</summary>
public readonly record struct StudyMoment(UtcInstant Now, DateOnly Today)
{
    public static StudyMoment Of(DateTimeOffset now, TimeZoneInfo ward) => new(UtcInstant.FromDateTime(now), DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, ward).DateTime));
}

/// <summary>What a site may set of studies.</summary>
/// <param name="OppositionDays">How long patients can say no between the second agreement and the build, at least <see cref="LeastOppositionDays"/>.</param>
/// <param name="Ward">The zone in which days begin and end.</param>
public sealed record StudySettings(int OppositionDays, TimeZoneInfo Ward)
{
    /// <summary>The product knows no shorter time (<c>trust.md</c>, section 5.1).</summary>
    public const int LeastOppositionDays = 15;

    public const int MostOppositionDays = 365;

    public static StudySettings Default { get; } = new(LeastOppositionDays, TimeZoneInfo.Utc);
}

/// <summary>Names of the facts that belong to steps.</summary>
public static class StudyFacts
{
    /// <summary>Digest of the request that is agreed to.</summary>
    public const string Request = "request";

    /// <summary>Instant at which the time to say no is over.</summary>
    public const string OppositionEnds = "opposition-ends";

    /// <summary>1, 2, … of the packages of a study.</summary>
    public const string Version = "version";

    /// <summary>SHA-256 of the package before it is encrypted, lower-case hexadecimal.</summary>
    public const string Package = "package";

    /// <summary>SHA-256 of the public key that signed the package, lower-case hexadecimal.</summary>
    public const string Signer = "signer";

    /// <summary>A <see cref="RoundedCount"/>.</summary>
    public const string Patients = "patients";
}
