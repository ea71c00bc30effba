using System.Globalization;
using System.Text;

namespace Bedside.Simulators.PuritanBennett;

/// <summary>
/// The replies as they stand on the line (sheet 3): <c>MISCF,1225,169 ,</c> 02, the fields, each padded to its width and followed by a comma, 03, CR.
/// </summary>
public sealed class DciReply
{
    public const int IdentityWidth = 18;

    private const int FirstField = 5;
    private const int LastBasicField = 101;
    private const int LastExtendedField = 173;
    private const int UsualWidth = 6;
    private const int WordWidth = 9;
    private const int DateWidth = 12;

    private static readonly Dictionary<int, int> BasicWidths = new() { [6] = IdentityWidth, [8] = DateWidth, [62] = DateWidth, [100] = WordWidth };

    private static readonly Dictionary<int, int> ExtendedWidths = new()
    {
        [6] = IdentityWidth,
        [7] = DateWidth,
        [8] = WordWidth,
        [50] = WordWidth,
        [53] = IdentityWidth,
        [55] = WordWidth,
        [66] = WordWidth,
    };

    private readonly bool _extended;
    private readonly Dictionary<int, string> _fields = [];

    private DciReply(bool extended) => _extended = extended;

    public static DciReply Basic() => new(extended: false);

    public static DciReply Extended() => new(extended: true);

    /// <summary>Writes fields in order from <paramref name="number"/>; null leaves one blank.</summary>
    public DciReply Put(int number, params string?[] values)
    {
        foreach (string? value in values)
        {
            _fields[number++] = value ?? string.Empty;
        }

        return this;
    }

    /// <summary>All fields from one to another get the same text.</summary>
    public DciReply Fill(int from, int to, string value) => Put(from, [.. Enumerable.Repeat(value, to - from + 1)]);

    /// <summary>The reply's bytes. The counts can be made to lie.</summary>
    public byte[] Bytes(int moreFields = 0, int? statedBytes = null)
    {
        var body = new StringBuilder();
        int last = _extended ? LastExtendedField : LastBasicField;
        for (int number = FirstField; number <= last; number++)
        {
            int width = (_extended ? ExtendedWidths : BasicWidths).GetValueOrDefault(number, UsualWidth);
            string text = _fields.GetValueOrDefault(number, string.Empty);
            body.Append(text.Length > width ? text[..width] : text.PadRight(width)).Append(',');
        }

        int count = last - FirstField + 1 + moreFields;
        string counts = count.ToString(CultureInfo.InvariantCulture).PadRight(_extended ? 4 : 2);
        int bytes = statedBytes ?? body.Length;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"MISC{(_extended ? 'F' : 'A')},{bytes},{counts},\u0002{body}\u0003\r"));
    }
}
