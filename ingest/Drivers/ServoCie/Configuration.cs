namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>What the ventilator was told to send, and how it scales it. Entering a mode or choosing a version clears the choices (sheet 2).</summary>
internal sealed class Configuration
{
    private const int ChannelDigits = 3;

    public IReadOnlyDictionary<int, ChannelScale> Scales { get; set; } = new Dictionary<int, ChannelScale>();

    public IReadOnlyList<int> Curves { get; private set; } = [];

    public IReadOnlyList<int> Breath { get; private set; } = [];

    public IReadOnlyList<int> Settings { get; private set; } = [];

    public IReadOnlyList<int> Trend { get; private set; } = [];

    public IReadOnlyList<int> Alarms { get; private set; } = [];

    /// <summary>Time between samples, milliseconds; 0 = not told yet. It is kept by the ventilator over all modes.</summary>
    public int SampleMilliseconds { get; set; }

    public BlockCounts Counts => new(Curves.Count, Breath.Count, Settings.Count, Trend.Count, Alarms.Count);

    public void Clear() => Curves = Breath = Settings = Trend = Alarms = [];

    /// <summary>Takes the channels of one kind, three digits each: C, B, S, T, A or E. False when it is no such list.</summary>
    public bool Choose(char kind, string digits)
    {
        if (digits.Length % ChannelDigits != 0 || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        int[] channels = [.. digits.Chunk(ChannelDigits).Select(three => ((three[0] - '0') * 100) + ((three[1] - '0') * 10) + three[2] - '0')];
        switch (kind)
        {
            case 'C' when channels.Length <= Outgoing.MostCurves:
                Curves = channels;
                return true;
            case 'B' when channels.Length <= Outgoing.MostBreathValues:
                Breath = channels;
                return true;
            case 'S' when channels.Length <= Outgoing.MostSettings:
                Settings = channels;
                return true;
            case 'T' when channels.Length <= Outgoing.MostBreathValues:
                Trend = channels;
                return true;
            case 'A' or 'E' when channels.Length <= Outgoing.MostAlarms:
                Alarms = channels;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes the answer to RDAD: all lists, each after its letter.</summary>
    public bool ReadAll(string body)
    {
        int at = 0;
        while (at < body.Length)
        {
            int end = at + 1;
            while (end < body.Length && char.IsAsciiDigit(body[end]))
            {
                end++;
            }

            if (!Choose(body[at], body[(at + 1)..end]))
            {
                return false;
            }

            at = end;
        }

        return true;
    }
}
