namespace Bedside.Viewer.Rights;

/// <summary>Who asks.</summary>
[Flags]
internal enum Callers
{
    None = 0,

    /// <summary>Whoever stands at the bed: this machine, nobody signed in.</summary>
    Bed = 1 << 0,

    /// <summary>Another machine, nobody signed in.</summary>
    Elsewhere = 1 << 1,
    Clinician = 1 << 2,
    Biomed = 1 << 3,
    Researcher = 1 << 4,
    Steward = 1 << 5,
    RightsOfficer = 1 << 6,
    Administrator = 1 << 7,

    /// <summary>Somebody who opened the box for an hour without saying who they are.</summary>
    Emergency = 1 << 8,

    Persons = Clinician | Biomed | Researcher | Steward | RightsOfficer | Administrator,
    Everybody = Bed | Elsewhere | Persons | Emergency,

    /// <summary>Those who see to the patient.</summary>
    Care = Clinician | Emergency,

    /// <summary>Those who ask for data, and those who decide on it.</summary>
    Researchers = Researcher | Steward | RightsOfficer | Administrator,

    /// <summary>Those who see to the box, and whoever stands before it.</summary>
    Box = Bed | Clinician | Biomed | Steward | RightsOfficer | Administrator | Emergency,
}

/// <summary>How far a right goes.</summary>
internal enum Reach
{
    None,

    /// <summary>What is live, and the last 60 minutes of the present stay; no words that people wrote.</summary>
    Limited,
    Full,
}

/// <summary>Who may ask one endpoint.</summary>
/// <param name="Method">An HTTP method; <c>*</c> = any.</param>
/// <param name="Pattern">As the endpoint was mapped.</param>
/// <param name="OfPatient">The answer is of the patient: no browser keeps it, and the journal has who asked.</param>
internal sealed record RightsRow(string Method, string Pattern, Callers Full, Callers Limited = Callers.None, bool OfPatient = false)
{
    public Reach Of(Callers caller) => (Full & caller) != 0 ? Reach.Full : (Limited & caller) != 0 ? Reach.Limited : Reach.None;
}
