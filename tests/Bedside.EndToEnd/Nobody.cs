using System.Text;

namespace Bedside.EndToEnd;

/// <summary>Canaries of patients, and that they are in no text and in no file.</summary>
internal static class Nobody
{
    public static void In(string text, string where, IEnumerable<string> canaries) =>
        Assert.All(canaries, canary => Assert.False(text.Contains(canary, StringComparison.Ordinal), $"{where} has {canary}"));

    public static async Task InFilesAsync(string folder, IReadOnlyList<string> canaries)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            await InFileAsync(file, canaries);
        }
    }

    /// <summary>Piece by piece: the reserve of a store is large.</summary>
    private static async Task InFileAsync(string file, IReadOnlyList<string> canaries)
    {
        const int Overlap = 64;
        byte[] bytes = new byte[4 << 20];
        await using FileStream stream = File.OpenRead(file);
        int kept = 0;
        for (int read = await stream.ReadAsync(bytes); read > 0; read = await stream.ReadAsync(bytes.AsMemory(kept)))
        {
            // What was kept of the piece before stands before this one.
            int length = kept + read;
            if (bytes.AsSpan(0, length).ContainsAnyExcept((byte)0))
            {
                In(Encoding.Latin1.GetString(bytes, 0, length), file, canaries);
            }

            kept = Math.Min(Overlap, length);
            bytes.AsSpan(length - kept, kept).CopyTo(bytes);
        }
    }
}
