namespace Bedside.Viewer.Ward;

/// <summary>Where what a box gives to the others of its ward is.</summary>
internal static class WardPaths
{
    public const string Peer = "/peer/v1/";
    public const string Api = "/api/v1/";

    public static Uri RootOf(Uri address) => new(address, Peer);
}

/// <summary>Beds in the order in which people count them: 2 before 10, letters after.</summary>
internal sealed class BedOrder : IComparer<string>
{
    public static readonly BedOrder Natural = new();

    public int Compare(string? x, string? y) => KeyOf(x ?? string.Empty).CompareTo(KeyOf(y ?? string.Empty)) is not 0 and var order ? order : string.CompareOrdinal(x, y);

    private static (string Letters, long Number, string After) KeyOf(string bed)
    {
        int first = bed.AsSpan().IndexOfAnyInRange('0', '9');
        if (first < 0)
        {
            return (bed, 0, string.Empty);
        }

        int end = first;
        while (end < bed.Length && char.IsAsciiDigit(bed[end]))
        {
            end++;
        }

        return (bed[..first], long.TryParse(bed[first..end], out long number) ? number : long.MaxValue, bed[end..]);
    }
}
