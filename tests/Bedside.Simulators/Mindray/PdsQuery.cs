using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Mindray;

/// <summary>What a host asks for: per kind (1 parameters, 2 waves, 3 and 4 alarms) a list of numbers, or all.</summary>
public sealed class PdsQuery
{
    private readonly Dictionary<int, HashSet<int>> _asked = [];
    private readonly HashSet<int> _all = [];

    public bool Wants(int kind) => _all.Contains(kind) || _asked.ContainsKey(kind);

    public bool Wants(int kind, int number) => _all.Contains(kind) || (_asked.TryGetValue(kind, out HashSet<int>? numbers) && numbers.Contains(number));

    /// <summary>Reads the segments QRF of a query; null when it is none or a list of it is too long.</summary>
    public static PdsQuery? Read(ReadOnlySpan<byte> message, int mostPerList)
    {
        string[] segments = Encoding.ASCII.GetString(message).Split('\r', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0 || !segments[0].Contains("|QRY^R02|1203|", StringComparison.Ordinal))
        {
            return null;
        }

        var query = new PdsQuery();
        foreach (string[] parts in segments.Where(segment => segment.StartsWith("QRF|MON||||", StringComparison.Ordinal)).Select(segment => segment.Split('|')[5].Split('^')))
        {
            int kind = int.Parse(parts[1], CultureInfo.InvariantCulture);
            if (parts[3] == "1")
            {
                query._all.Add(kind);
                continue;
            }

            int[] numbers = [.. parts[4].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            if (numbers.Length > mostPerList)
            {
                return null;
            }

            if (!query._asked.TryGetValue(kind, out HashSet<int>? asked))
            {
                query._asked[kind] = asked = [];
            }

            asked.UnionWith(numbers);
        }

        return query;
    }
}
