using System.Globalization;
using Bedside.Model;

namespace Bedside.Simulators.Ward;

/// <summary>What <c>bedside sim ward</c> is told.</summary>
/// <param name="Mark">A word that stands in every field in which a person or a place could be named; empty = none. Whoever gives data on can look whether it went along.</param>
/// <param name="Every">Seconds from one message of values to the next.</param>
/// <param name="Waves">Seconds of ECG and pleth of each stay.</param>
public sealed record WardOptions(string Folder, int Boxes, int Stays, long Seed, UtcInstant From, string Mark, int Every, int Waves)
{
    private const int MostStays = 100_000;

    public static string Help { get; } = string.Join('\n',
    [
        "bedside sim ward --out DIR [OPTION]...",
        "Writes what the admissions and the gateways of a whole ward said over weeks, as recorded HL7 messages: a folder of each box,",
        "a file of each stay. Import them with: bedside import hl7 DIR/box-01 --data D1 --hl7-bed SIM^^01",
        "  --boxes N            beds of the ward, a box each (12)",
        "  --stays N            stays in all of them (60); every twelfth is a patient who comes back, to another bed",
        "  --seed N             which ward (1)",
        "  --from DAY           first day, such as 2026-01-05 (2026-01-05)",
        "  --every SECONDS      from one message of values to the next (900)",
        "  --waves SECONDS      ECG and pleth of the beginning of each stay (20)",
        "  --mark WORD          puts this word into every field that could name a person or a place",
    ]);

    /// <summary>Throws <see cref="UsageException"/> with a sentence.</summary>
    public static WardOptions Parse(IReadOnlyList<string> words)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = 0; at < words.Count; at += 2)
        {
            if (!Names.Contains(words[at]))
            {
                throw new UsageException($"'{words[at]}' is no option of ward; 'bedside sim ward --help' tells them");
            }

            said[words[at]] = at + 1 < words.Count ? words[at + 1] : throw new UsageException($"{words[at]} needs a value");
        }

        string folder = said.GetValueOrDefault("--out") ?? throw new UsageException("--out DIR says where the messages are written");
        string day = said.GetValueOrDefault("--from", "2026-01-05");
        return UtcInstant.TryParse($"{day}T00:00:00Z", out UtcInstant from)
            ? new WardOptions(
                folder, Number(said, "--boxes", 12, 1, 99), Number(said, "--stays", 60, 1, MostStays), Number(said, "--seed", 1, 0, int.MaxValue), from, said.GetValueOrDefault("--mark", string.Empty),
                Number(said, "--every", 900, 1, 86_400), Number(said, "--waves", 20, 0, 3_600))
            : throw new UsageException($"--from {day} is no day such as 2026-01-05");
    }

    private static readonly string[] Names = ["--out", "--boxes", "--stays", "--seed", "--from", "--every", "--waves", "--mark"];

    private static int Number(Dictionary<string, string> said, string name, int usual, int least, int most) =>
        !said.TryGetValue(name, out string? text) ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number
        : throw new UsageException($"{name} is a number from {least} to {most}, not {text}");
}
