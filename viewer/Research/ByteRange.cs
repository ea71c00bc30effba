using Microsoft.Net.Http.Headers;

namespace Bedside.Viewer.Research;

/// <summary>Which bytes of a file a request asks for (RFC 9110, section 14). Several ranges at once are answered with the whole.</summary>
/// <param name="To">The last, itself included.</param>
internal readonly record struct ByteRange(long From, long To)
{
    public long Length => To - From + 1;

    /// <summary>False = none of it is there: 416.</summary>
    /// <param name="range">Null = everything is asked for.</param>
    public static bool TryRead(string? header, long length, out ByteRange? range)
    {
        range = null;
        if (string.IsNullOrEmpty(header) || !RangeHeaderValue.TryParse(header, out RangeHeaderValue? read) || read.Unit != "bytes" || read.Ranges is not { Count: 1 } ranges)
        {
            return true;
        }

        RangeItemHeaderValue item = ranges.First();
        long from = item.From ?? Math.Max(0, length - item.To!.Value);
        long to = item.From is null ? length - 1 : Math.Min(item.To ?? long.MaxValue, length - 1);
        if (from >= length || to < from || (item.From is null && item.To == 0))
        {
            return false;
        }

        range = new ByteRange(from, to);
        return true;
    }
}
