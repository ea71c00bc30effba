using System.Globalization;
using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PuritanBennett840;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PuritanBennett840;

/// <summary>Replies of DCI, made from the sheet without the driver's own code.</summary>
internal static class Wire
{
    public const long Second = 1_000_000_000;

    public static readonly PuritanBennett840Driver Driver = new();

    /// <summary>A MISCA or MISCF with the given fields, the others blank.</summary>
    public static byte[] Reply(char letter, params (int Number, string Text)[] fields) => Shaped(letter, letter == 'A' ? 101 : 173, extraWidth: 0, fields);

    /// <summary>The same with another last field, or with another width of field 30.</summary>
    public static byte[] Shaped(char letter, int last, int extraWidth, params (int Number, string Text)[] fields)
    {
        Dictionary<int, string> texts = fields.ToDictionary(field => field.Number, field => field.Text);
        string body = string.Concat(Enumerable.Range(5, last - 4).Select(number =>
            texts.GetValueOrDefault(number, string.Empty).PadRight(WidthOf(letter, number) + (number == 30 ? extraWidth : 0)) + ","));
        return Framed(letter, body.Length.ToString(CultureInfo.InvariantCulture), (last - 4).ToString(CultureInfo.InvariantCulture), body);
    }

    public static byte[] Framed(char letter, string bytes, string fields, string body) =>
        Encoding.Latin1.GetBytes($"MISC{letter},{bytes},{(letter == 'F' ? fields.PadRight(4) : fields)},\u0002{body}\u0003\r");

    /// <summary>A reply with every kind of field in it.</summary>
    public static byte[] Typical(char letter, params (int Number, string Text)[] changed)
    {
        Dictionary<int, string> fields = letter == 'A'
            ? new()
            {
                [5] = "14:47",
                [6] = "840 3510053249",
                [8] = "NOV 22 2011",
                [9] = "CMV",
                [10] = "14.0",
                [11] = "0.36",
                [13] = "21",
                [15] = "5.0",
                [34] = "14",
                [35] = "0.38",
                [36] = "5.29",
                [38] = "24.0",
                [39] = "8.6",
                [42] = "50",
                [48] = "NORMAL",
                [52] = "NORMAL",
                [56] = "NORMAL",
                [63] = "0.0",
                [83] = "NOOP C",
                [92] = "50",
                [93] = "OFF",
                [101] = "1:5.00",
            }
            : new()
            {
                [5] = "14:51",
                [6] = "840 3510053249",
                [7] = "NOV 22 2011",
                [8] = "INVASIVE",
                [9] = "A/C",
                [10] = "VC",
                [12] = "V-Trig",
                [13] = "14.0",
                [14] = "0.365",
                [16] = "21",
                [18] = "5.0",
                [34] = "50",
                [37] = "4.500",
                [38] = "1200",
                [56] = "75",
                [60] = "50.0",
                [66] = "ADULT",
                [70] = "14.0",
                [71] = "0.378",
                [72] = "5.290",
                [73] = "24.0",
                [74] = "8.6",
                [75] = "5.00",
                [76] = "1:5.00",
                [77] = "20",
                [87] = "5.8",
                [92] = "0.0",
                [96] = "20.0",
                [105] = "OFF",
                [118] = "RESET",
            };
        if (letter == 'F')
        {
            foreach (int number in Enumerable.Range(106, 48).Where(number => !fields.ContainsKey(number)))
            {
                fields[number] = "NORMAL";
            }
        }

        foreach ((int number, string text) in changed)
        {
            fields[number] = text;
        }

        return Reply(letter, [.. fields.Select(pair => (pair.Key, pair.Value))]);
    }

    public static Ear Heard(params byte[][] replies) => Ear.Heard(Driver, replies.SelectMany(bytes => bytes).ToArray());

    public static IDriverSession Session(bool listenOnly = false) => Driver.Open(new SessionOptions(Transport.Serial, listenOnly, new LineSettings(9600)));

    public static Chunk From(double seconds, params byte[] bytes) => new(new MonotonicInstant((long)(seconds * Second)), bytes);

    private static int WidthOf(char letter, int number) => (letter, number) switch
    {
        (_, 6) => 18,
        ('A', 8 or 62) or ('F', 7) => 12,
        ('A', 100) or ('F', 8 or 50 or 55 or 66) => 9,
        ('F', 53) => 18,
        _ => 6,
    };
}
