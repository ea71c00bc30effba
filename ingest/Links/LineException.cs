using Bedside.Ingest.Detection;

namespace Bedside.Ingest.Links;

/// <summary>A line cannot be opened, or is lost; in both languages of the box, with its kind for programs.</summary>
public sealed class LineException(Finding finding) : IOException(finding.English)
{
    public LineException(FindingKind kind, string english, string french)
        : this(new Finding(kind, english, french))
    {
    }

    public Finding Finding => finding;

    /// <summary>What any failure of a line tells: one that was not told as a <see cref="LineException"/> has its English words only.</summary>
    public static Finding Of(IOException failure) => failure is LineException fault ? fault.Finding : new Finding(FindingKind.Lost, failure.Message, failure.Message);
}
