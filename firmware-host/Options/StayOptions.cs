using System.Globalization;
using Bedside.Host.Commands;
using Bedside.Model.Stays;

namespace Bedside.Host.Options;

/// <summary>When stays become doubtful (<c>stays</c> of the configuration); everything has a default that works.</summary>
internal sealed class StayOptions
{
    private const int MostHours = 24 * 30;
    private const double LeastMinutes = 0.05;
    private const double MostMinutes = 24 * 60;

    /// <summary>When the admissions say nothing at all for so many hours, what they said is no more certain.</summary>
    public int AdmissionsSilentHours { get; set; } = 12;

    /// <summary>When a patient is admitted and no signal comes for so many hours, it is asked whether they are here.</summary>
    public int NoSignalsHours { get; set; } = 2;

    /// <summary>When two sources disagree on who lies in the bed for longer than so many minutes, it is asked who does.</summary>
    public double ConflictMinutes { get; set; } = 10;

    /// <summary>Checks; the sentence of the failure names the field and begins with <paramref name="source"/>.</summary>
    public StaySettings ToSettings(string source)
    {
        if (AdmissionsSilentHours is < 1 or > MostHours || NoSignalsHours is < 1 or > MostHours)
        {
            throw new CommandFailedException($"{source}: stays.admissionsSilentHours and stays.noSignalsHours are hours from 1 to {MostHours}.");
        }

        return ConflictMinutes is >= LeastMinutes and <= MostMinutes
            ? new StaySettings { StaleAfter = TimeSpan.FromHours(AdmissionsSilentHours), NoSignalsAfter = TimeSpan.FromHours(NoSignalsHours), ConflictAfter = TimeSpan.FromMinutes(ConflictMinutes) }
            : throw new CommandFailedException(string.Create(CultureInfo.InvariantCulture, $"{source}: stays.conflictMinutes is a number of minutes from {LeastMinutes} to {MostMinutes}."));
    }
}
