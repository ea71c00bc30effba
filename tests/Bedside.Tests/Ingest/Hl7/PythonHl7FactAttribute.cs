namespace Bedside.Tests.Ingest.Hl7;

/// <summary>A test against an independent implementation; skipped, and said so, where Debian's python3-hl7 is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonHl7FactAttribute : FactAttribute
{
    public const string Sender = "/usr/bin/mllp_send";

    public PythonHl7FactAttribute()
    {
        if (!File.Exists(Sender))
        {
            Skip = "python3-hl7 is not installed (Debian: apt-get install python3-hl7)";
        }
    }
}
