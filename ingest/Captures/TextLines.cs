namespace Bedside.Ingest.Captures;

/// <summary>A line of a text file: its bytes without the line end, where it began, and whether its end was there.</summary>
internal readonly record struct TextLine(ReadOnlyMemory<byte> Text, long Offset, bool Ended, bool Cut);

/// <summary>Lines of a file with their offsets, in bounded memory however long the file pretends its lines to be.</summary>
internal static class TextLines
{
    /// <summary>65 536 bytes as three characters each, the time and room to spare.</summary>
    public const int LongestLine = 1 << 18;

    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    /// <summary>The memory of a line is good until the next one is asked for.</summary>
    public static IEnumerable<TextLine> Of(Stream file)
    {
        byte[] buffer = new byte[1 << 13];
        byte[] line = new byte[1 << 10];
        int length = 0;
        bool cut = false;
        long begun = 0;
        long read = 0;
        int count;
        while ((count = file.Read(buffer)) > 0)
        {
            for (int i = 0; i < count; i++)
            {
                if (buffer[i] == LineFeed)
                {
                    yield return new TextLine(line.AsMemory(0, Trimmed(line, length)), begun, Ended: true, cut);
                    begun = read + i + 1;
                    length = 0;
                    cut = false;
                }
                else if (length < LongestLine)
                {
                    if (length == line.Length)
                    {
                        Array.Resize(ref line, length * 2);
                    }

                    line[length++] = buffer[i];
                }
                else
                {
                    cut = true;
                }
            }

            read += count;
        }

        if (read > begun)
        {
            yield return new TextLine(line.AsMemory(0, Trimmed(line, length)), begun, Ended: false, cut);
        }
    }

    private static int Trimmed(byte[] line, int length) => length > 0 && line[length - 1] == CarriageReturn ? length - 1 : length;
}
