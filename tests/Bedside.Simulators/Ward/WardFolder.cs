using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Simulators.Ward;

/// <summary><c>bedside sim ward</c>: a ward's weeks as files of messages.</summary>
public static class WardFolder
{
    private const long Second = 1_000_000_000;
    private const long AlarmEvery = 86_400 * Second;
    private const long AlarmLasts = 40 * Second;

    /// <summary>Throws <see cref="UsageException"/> where the words make no sense, <see cref="IOException"/> where the folder is not empty or the disk does not take it.</summary>
    public static int Run(IReadOnlyList<string> words, TextWriter output)
    {
        if (words.Contains("--help") || words.Contains("-h"))
        {
            output.WriteLine(WardOptions.Help);
            return 0;
        }

        var ward = WardOptions.Parse(words);
        if (Directory.Exists(ward.Folder) && Directory.EnumerateFileSystemEntries(ward.Folder).Any())
        {
            throw new IOException($"the folder {ward.Folder} is not empty; name an empty or a new one");
        }

        IReadOnlyList<WardStay> stays = WardStory.Of(ward);
        foreach (WardStay stay in stays)
        {
            string folder = Path.Combine(ward.Folder, $"box-{WardStory.BedOf(stay.Box)}");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"stay-{stay.Number:D5}.hl7")), Write(stay, ward), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready {stays.Count} stays of {stays.Select(stay => stay.Person).Distinct().Count()} patients in {stays.Select(stay => stay.Box).Distinct().Count()} boxes in {ward.Folder}"));
        return 0;
    }

    private static string Write(WardStay stay, WardOptions ward)
    {
        var pages = new WardPages(stay, ward.Mark);
        var text = new StringBuilder(pages.Admission(isEnd: false));
        UtcInstant values = stay.From.Add(60 * Second);
        for (int i = 0; i < ward.Waves; i++)
        {
            text.Append(pages.Wave(values.Add(i * Second)));
        }

        UtcInstant alarm = stay.From.Add(AlarmEvery / 2);
        for (UtcInstant at = values.Add(ward.Waves * Second); at < stay.To; at = at.Add(ward.Every * Second))
        {
            text.Append(pages.Values(at));
            if (at >= alarm)
            {
                text.Append(pages.Alarm(at.Add(Second), begins: true)).Append(pages.Alarm(at.Add(AlarmLasts), begins: false));
                alarm = at.Add(AlarmEvery);
            }
        }

        return text.Append(pages.Admission(isEnd: true)).ToString();
    }
}
