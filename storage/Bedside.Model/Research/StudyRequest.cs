namespace Bedside.Model.Research;

/// <summary>A text in the two languages of the box.</summary>
public sealed record TwoTongues(string French, string English);

/// <summary>On what law a study rests.</summary>
public enum LegalBasis
{
    /// <summary>Nothing was said: a request without it is refused.</summary>
    None,

    /// <summary>The CNIL's reference methodology for research without consent in the public interest (MR-004).</summary>
    Mr004,

    /// <summary>A data permit of a health data access body, Regulation (EU) 2025/327, article 68.</summary>
    EhdsPermit,

    /// <summary>Another authorisation; its reference says which.</summary>
    Authorisation,
}

/// <summary>One of those who may open the package.</summary>
/// <param name="Badge">Their account at this box; it downloads.</param>
/// <param name="Recipient">Their public key, <c>age1…</c> (X25519).</param>
public sealed record NamedResearcher(string Name, string Badge, string Recipient);

/// <summary>A signal that is asked for.</summary>
/// <param name="Signal">Its id in the nomenclature.</param>
/// <param name="Reason">Why the study needs it.</param>
/// <param name="Hertz">The lowest rate that serves, in samples or readings a second; null = as it was taken.</param>
/// <param name="IdentifyingReason">Why a wave by which a person can be told (ECG, pleth at 50 Hz or more) is needed; empty = it is none.</param>
public sealed record AskedSignal(string Signal, string Reason, double? Hertz = null, string IdentifyingReason = "");

/// <summary>Whose stays are asked for. All conditions hold together; an empty list says nothing.</summary>
/// <param name="AgeBands">Of <c>trust.md</c>, section 5.6: <c>18-29</c>, <c>30-39</c>, …, <c>90+</c>.</param>
/// <param name="Sexes"><c>F</c>, <c>M</c>.</param>
/// <param name="LeastHours">The stay lasted that long; 0 = any.</param>
/// <param name="Has">A signal that was there for so many hours.</param>
public sealed record CohortRules(IReadOnlyList<string> AgeBands, IReadOnlyList<string> Sexes, double LeastHours, IReadOnlyList<HasSignal> Has);

/// <summary>A condition of a cohort.</summary>
public sealed record HasSignal(string Signal, double Hours);

/// <summary>How times leave the box.</summary>
public enum TimeForm
{
    /// <summary>Seconds since admission, and the local hour of the day of admission.</summary>
    Relative,

    /// <summary>The wall clock, moved by whole weeks, another number of them for each patient of each study.</summary>
    ShiftedWeeks,
}

/// <summary>The hours of each stay that are asked for, counted from admission.</summary>
/// <param name="ToHour">Null = to its end.</param>
public sealed record StudyWindow(double FromHour, double? ToHour);

/// <summary>What a researcher asks for: <c>trust.md</c>, section 5.2. A machine checks it before anybody reads it.</summary>
public sealed record StudyRequest
{
    public required TwoTongues Title { get; init; }

    /// <summary>What is studied and why, as a patient would understand it.</summary>
    public required TwoTongues Summary { get; init; }

    /// <summary>Why it is in the public interest.</summary>
    public required string PublicInterest { get; init; }

    public required LegalBasis Basis { get; init; }

    /// <summary>Number of the declaration, permit or authorisation.</summary>
    public required string BasisReference { get; init; }

    /// <summary>Where the scientific or ethics committee's opinion stands.</summary>
    public required string Opinion { get; init; }

    /// <summary>Who is responsible in law.</summary>
    public required string Body { get; init; }

    /// <summary>How to reach the data protection officer.</summary>
    public required string DataProtectionOfficer { get; init; }

    public required IReadOnlyList<NamedResearcher> People { get; init; }

    /// <summary>The secure space in which the package is opened.</summary>
    public required string SecureSpace { get; init; }

    public required CohortRules Cohort { get; init; }

    public required IReadOnlyList<AskedSignal> Signals { get; init; }

    /// <summary>The stays of these days are asked for: first and last day of admission, of the ward's calendar.</summary>
    public required DateOnly FirstDay { get; init; }

    public required DateOnly LastDay { get; init; }

    public required StudyWindow Window { get; init; }

    public TimeForm Time { get; init; }

    /// <summary>Why seconds since admission do not serve; needed for <see cref="TimeForm.ShiftedWeeks"/>.</summary>
    public string TimeReason { get; init; } = string.Empty;

    /// <summary>The day after which nothing may be opened any more.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>What the study will give: tables, a model, an article.</summary>
    public required string Outputs { get; init; }

    /// <summary>Why answers without the data (a federated question) do not serve.</summary>
    public required string WhyNotFederated { get; init; }
}
