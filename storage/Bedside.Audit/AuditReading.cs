using Bedside.Storage.Disk;

namespace Bedside.Audit;

/// <summary>The entries of a journal as they stand there, for showing; whether they are true is <see cref="AuditVerification"/>'s question.</summary>
internal static class AuditReading
{
    /// <summary>Throws the disk's errors. What is no entry is passed over.</summary>
    public static IEnumerable<(KeptEntry Entry, byte[] Json)> Read(IDisk disk)
    {
        foreach (LogPart part in LogFiles.Parts(disk))
        {
            byte[] bytes = LogFiles.Read(disk, part);
            foreach (Range line in LogFiles.Lines(bytes))
            {
                if (One(bytes.AsSpan(line)) is { } entry)
                {
                    yield return entry;
                }
            }
        }
    }

    private static (KeptEntry Entry, byte[] Json)? One(ReadOnlySpan<byte> line) =>
        LogLine.TrySplit(line, out ReadOnlySpan<byte> json, stackalloc byte[LogLine.HashBytes], stackalloc byte[LogLine.SealBytes]) && EntryJson.Decode(json) is { } entry ? (entry, json.ToArray()) : null;
}
