namespace Bedside.Model.Audit;

/// <summary>An entry of the journal as somebody who tells of it needs it.</summary>
/// <param name="Who">Badge of an account, a person whom a command demanded, or one of <see cref="AuditWho"/>.</param>
/// <param name="Role">As the journal writes it: the name in small letters.</param>
/// <param name="Act">Code of the catalogue; a later build may have others.</param>
/// <param name="Result">As the journal writes it.</param>
/// <param name="Stay">None = it names none.</param>
/// <param name="From">The first instant that it concerns; null = it names none.</param>
/// <param name="To">The end of that.</param>
/// <param name="Kind">What was read, or another word of a closed list; empty = none.</param>
/// <param name="Why">The reason that a person gave.</param>
public sealed record AuditLine(UtcInstant At, string Who, string Role, string Act, string Result, StayId Stay, UtcInstant? From, UtcInstant? To, string Kind, string Why);

/// <summary>What stands in the journal of access, for whoever has a right to hear it.</summary>
public interface IAuditHistory
{
    /// <summary>In the order in which it was written. Throws <see cref="IOException"/> when it cannot be read.</summary>
    IEnumerable<AuditLine> Read();
}
