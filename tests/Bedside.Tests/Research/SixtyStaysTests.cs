using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bedside.Tests.Extract;
using Bedside.Tests.Extract.Arrow;
using Bedside.Tests.Extract.Package;
using Bedside.Tests.Extract.Sealing;
using Xunit.Abstractions;

namespace Bedside.Tests.Research;

/// <summary>What programs of others make of the package of a whole ward, and what is not in it.</summary>
public sealed partial class SixtyStaysTests(SixtyStays ward, ITestOutputHelper output) : IClassFixture<SixtyStays>
{
    private const long Second = 1_000_000_000;
    private const int LeastOfAClass = 11;

    /// <summary>Nobody stayed as long as 90 days.</summary>
    private const long LongestStay = 90 * 86_400 * Second;
    private static readonly long[] Units = [1, 1_000, 1_000_000, Second];

    [AgeFact]
    public async Task Age_tar_sha256sum_and_openssl_open_it_with_the_ten_lines_of_its_own_page()
    {
        using var folder = new Folder();
        string script = BagScriptTests.ScriptOf(Path.Combine(ward.Opened, "README.txt"));
        Assert.Equal(10, script.TrimEnd('\n').Split('\n').Length);
        await File.WriteAllTextAsync(folder.New("open.sh"), script);

        Said said = await Programs.RunAsync(folder.Path, "bash", "open.sh", ward.Fetched, ward.Ward.File("secret"), ward.Digest);

        Assert.True(said.Exit == 0, said.Output + said.Error);
        Assert.Contains("Verified OK", said.Output, StringComparison.Ordinal);
        Assert.EndsWith("nothing was altered, nothing is missing, nothing was added.\n", said.Output, StringComparison.Ordinal);
        string[] files = Files(ward.Opened);
        Assert.Equal(files, Files(folder.New(ward.Name)));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(ward.Opened, file)), File.ReadAllBytes(Path.Combine(folder.New(ward.Name), file))));
        string sums = await Programs.OutputAsync(folder.New(ward.Name), "sha256sum", "--check", "--strict", "manifest-sha256.txt");
        output.WriteLine($"{files.Length} files; sha256sum says OK to {sums.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.EndsWith(": OK", StringComparison.Ordinal))}");
    }

    [Theory]
    [InlineData("apache-arrow")]
    [InlineData("polars")]
    [InlineData("duckdb")]
    public async Task Another_program_reads_every_cell_of_every_stay(string program)
    {
        string[] files = [.. Directory.GetFiles(ward.Opened, "*.arrow", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.True(files.Length >= 2 * StayNames().Length, $"{files.Length} files");
        string[] lines = (await ArrowInteropTests.ReadAsync(program, files)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(files.Length, lines.Length);
        foreach ((string file, string line) in files.Zip(lines))
        {
            using var answer = JsonDocument.Parse(line);
            ArrowInteropTests.Compare(program, file, answer.RootElement);
        }

        output.WriteLine($"{program}: {files.Length} files of {StayNames().Length} stays");
    }

    /// <summary>Debian's biosig-tools read one file and one signal a record.</summary>
    [BiosigFact]
    public async Task Another_program_reads_every_wave_of_every_stay_as_WFDB()
    {
        using var folder = new Folder();
        string[] records = [.. Directory.GetFiles(Path.Combine(ward.Opened, "data", "wfdb"), "*_ecg_ii.hea").Order(StringComparer.Ordinal), .. Directory.GetFiles(Path.Combine(ward.Opened, "data", "wfdb"), "*_pleth.hea").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(records);
        int samples = 0;
        foreach (string record in records)
        {
            (double[] ours, double step) = Wfdb(record);
            await Programs.OutputAsync(folder.Path, "save2gdf", "-f=ASCII", record, folder.New("one.txt"));
            double[] read = [.. (await File.ReadAllLinesAsync(folder.New("one.a01"))).Where(line => line.Length > 0).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
            Assert.Equal(ours.Length, read.Length);
            Assert.All(ours.Zip(read), pair => Assert.Equal(pair.First, pair.Second, step / 10));
            samples += read.Length;
        }

        output.WriteLine($"biosig: {samples} samples of {records.Length} records");
    }

    [Fact]
    public void Every_class_that_leaves_has_eleven_patients_counted_from_the_rows_themselves()
    {
        CsvText stays = Stays();
        int patient = stays.Columns.IndexOf("patient");
        int[] known = [.. Enumerable.Range(0, stays.Columns.Length).Where(column => stays.Columns[column] is not ("stay" or "patient" or "hours" or "admission_hour"))];
        int smallest = stays.Rows.GroupBy(row => string.Join('|', known.Select(column => row[column]))).Min(one => one.Select(row => row[patient]).Distinct().Count());
        output.WriteLine($"{stays.Rows.Length} stays of {stays.Rows.Select(row => row[patient]).Distinct().Count()} patients; by {string.Join(", ", known.Select(column => stays.Columns[column]))} the smallest class has {smallest}");
        Assert.True(smallest >= LeastOfAClass, $"a class of {smallest}");
        Assert.Equal(ward.Truth.Count, stays.Rows.Length);
        Assert.Equal(ward.Truth.Select(stay => stay.Person).Distinct().Count(), stays.Rows.Select(row => row[patient]).Distinct().Count());
    }

    [Fact]
    public void The_mark_of_every_field_that_could_name_somebody_is_in_no_byte_and_no_name()
    {
        long bytes = 0;
        foreach ((string name, byte[] content) in PackageBed.Everything(ward.Opened))
        {
            Assert.DoesNotContain(SixtyStays.Mark, name, StringComparison.OrdinalIgnoreCase);
            foreach (Encoding encoding in new[] { Encoding.Latin1, Encoding.Unicode, Encoding.BigEndianUnicode })
            {
                Assert.DoesNotContain(SixtyStays.Mark, encoding.GetString(content), StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(SixtyStays.Mark, encoding.GetString(content.AsSpan(Math.Min(1, content.Length))), StringComparison.OrdinalIgnoreCase);
            }

            bytes += content.Length;
        }

        // It was there to be found.
        Assert.Contains(SixtyStays.Mark, File.ReadAllText(Directory.GetFiles(ward.Ward.File("ward"), "*.hl7", SearchOption.AllDirectories)[0]), StringComparison.Ordinal);
        output.WriteLine($"{bytes} bytes");
    }

    /// <summary>From an hour before the first admission to an hour behind the last discharge, as text and as numbers of seconds, milliseconds, microseconds and nanoseconds.</summary>
    [Fact]
    public void No_day_and_no_time_of_the_ward_is_in_any_byte()
    {
        (long from, long to) = ((ward.Truth.Min(stay => stay.From.UnixNanoseconds) / Second) - 3600, (ward.Truth.Max(stay => stay.To.UnixNanoseconds) / Second) + 3600);
        var days = new HashSet<string>(StringComparer.Ordinal);
        for (long at = from; at < to + 86_400; at += 86_400)
        {
            var day = DateTimeOffset.FromUnixTimeSeconds(at);
            days.UnionWith(new[] { "yyyy-MM-dd", "yyyyMMdd", "dd/MM/yyyy", "MM/dd/yyyy", "dd.MM.yyyy" }.Select(form => day.ToString(form, CultureInfo.InvariantCulture)));
        }

        foreach ((string name, byte[] content) in PackageBed.Everything(ward.Opened))
        {
            string text = Encoding.Latin1.GetString(content);
            Assert.DoesNotContain(Days.Matches(text), match => days.Contains(match.Value));
            foreach (Match digits in Numbers.Matches(text))
            {
                Assert.False(IsOfTheWard(digits.Value, from, to), $"{name} has {digits.Value}");
            }

            AssertNoTime(name, content, (from, to));
        }

        long cells = 0;
        foreach (string file in Directory.GetFiles(ward.Opened, "*.arrow", SearchOption.AllDirectories))
        {
            var table = ArrowText.Read(file);
            for (int column = 0; column < table.Schema.Fields.Count; column++)
            {
                foreach (long number in table.Cells(column).Select(cell => cell is double real && Math.Abs(real) < long.MaxValue ? (long)real : cell as long?).OfType<long>())
                {
                    bool isSinceAdmission = table.Schema.Fields[column].Name == "t_ns";
                    Assert.False(isSinceAdmission ? number < -LongestStay || number > LongestStay : Units.Any(unit => number >= from * unit && number < to * unit), $"{Path.GetFileName(file)} has a cell of {number}");
                    cells++;
                }
            }
        }

        output.WriteLine($"{days.Count} writings of days; {to - from} s counted in s, ms, µs and ns, as text, whole and broken numbers, both ways round, and {cells} cells of Arrow");
    }

    /// <summary>
    /// At every byte of a text, and wherever a number of 64 bits can begin: at every eighth byte of an Arrow file, at every second of a WFDB signal. Two small numbers of 32 bits beside each other look like seconds or
    /// milliseconds, and twenty days since admission in nanoseconds like a year in microseconds, so of Arrow those are looked for in the cells. In what is compressed or a signature eight bytes mean nothing; what is compressed was unpacked. PackageSecretsTests looks at every byte of everything
    /// for the hours of one stay.
    /// </summary>
    private static void AssertNoTime(string name, byte[] content, (long From, long To) when)
    {
        (int step, long least) = Path.GetExtension(name) switch
        {
            ".arrow" => (sizeof(long), Second),
            ".dat" => (sizeof(short), 1_000_000),
            ".gz" or ".sig" => (content.Length, 1),
            _ => (1, 1L),
        };
        for (int i = 0; i + sizeof(long) <= content.Length; i += step)
        {
            long little = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(i));
            long big = BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(i));
            double real = BitConverter.Int64BitsToDouble(little);
            for (long unit = Second; unit >= least; unit /= 1000)
            {
                bool found = (little >= when.From * unit && little < when.To * unit) || (big >= when.From * unit && big < when.To * unit) || (real >= when.From * (double)unit && real < when.To * (double)unit);
                Assert.False(found, $"{name} has a time of the ward at byte {i}, counted {unit} a second");
            }
        }

        // When a file was packed stands in seconds behind the first four bytes (RFC 1952, 2.3.1).
        Assert.True(!name.EndsWith(".gz", StringComparison.Ordinal) || BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(4)) == 0, $"{name} says when it was packed");
    }

    private static bool IsOfTheWard(string digits, long from, long to)
    {
        foreach ((int length, long unit) in new[] { (10, 1L), (13, 1_000L), (16, 1_000_000L), (19, Second) })
        {
            if (digits.Length == length && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= from * unit && number < to * unit)
            {
                return true;
            }
        }

        return false;
    }

    private static string[] Files(string folder) => [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    private CsvText Stays() => CsvText.Read(Path.Combine(ward.Opened, "data", "stays.csv"));

    private string[] StayNames() => [.. Stays().Rows.Select(row => row[0])];

    /// <summary>Values of a record of one signal in 16 bits and its smallest step, read as header(5) has it: gain, baseline = ADC zero.</summary>
    private static (double[] Values, double Step) Wfdb(string header)
    {
        string[] signal = File.ReadAllLines(header).Where(line => !line.StartsWith('#')).ElementAt(1).Split(' ');
        Assert.Equal("16", signal[1].Split(':', '+', 'x')[0]);
        Match gain = Gain.Match(signal[2]);
        double unit = double.Parse(gain.Groups["gain"].Value, CultureInfo.InvariantCulture);
        int zero = int.Parse(gain.Groups["zero"].Value, CultureInfo.InvariantCulture);
        byte[] bytes = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(header)!, signal[0]));
        return ([.. Enumerable.Range(0, bytes.Length / 2).Select(i => (BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i)) - zero) / unit)], 1 / unit);
    }

    [GeneratedRegex(@"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}[./][0-9]{2}[./][0-9]{4}|[0-9]{8}", RegexOptions.CultureInvariant)]
    private static partial Regex Days { get; }

    [GeneratedRegex("(?<![0-9.])[0-9]{10,19}(?![0-9.])", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers { get; }

    [GeneratedRegex(@"^(?<gain>[0-9.eE+-]+)\((?<zero>-?[0-9]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Gain { get; }
}
