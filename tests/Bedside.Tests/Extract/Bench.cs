using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Tests.Extract;

/// <summary>A folder for one test, gone afterwards.</summary>
internal sealed class Folder : IDisposable
{
    public Folder() => Path = Directory.CreateTempSubdirectory("bedside-extract-").FullName;

    public string Path { get; }

    public string New(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(New(name), text);
        return New(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Blocks in a list, served as a store serves them.</summary>
internal sealed class Shelf
{
    private readonly List<Block> _blocks = [];

    public List<Signal> Signals { get; } = [];

    public Signal Signal(string id, SignalKind kind, string unit, string device = "bench")
    {
        NomenclatureEntry? entry = Nomenclature.Shipped.ById(id);
        var metric = new Metric { SignalId = id, Kind = kind, Unit = unit, Code = entry?.Code ?? 0, CodeName = entry?.CodeName ?? string.Empty };
        var signal = new Signal(new SignalNumber((uint)Signals.Count + 1), id, device, metric);
        Signals.Add(signal);
        return signal;
    }

    public void Add(Block block) => _blocks.Add(block);

    public IEnumerable<Block> Read(SignalNumber number, UtcInstant from, UtcInstant to) =>
        _blocks.Where(block => (block.Signal == number || (number == SignalNumber.None && block is AlertBlock or DeviceBlock or ClockBlock or GapBlock or AnnotationBlock)) && block.Start < to && block.End >= from)
            .OrderBy(block => block.Start);

    public static SampleBlock Samples(Signal signal, UtcInstant start, SamplePeriod period, Scale? scale, int[] samples, long index = 0, params ValidityRun[] runs) => new()
    {
        Signal = signal.Number,
        Start = start,
        UncertaintyMicroseconds = 500,
        ClockEpoch = 1,
        Period = period,
        Scale = scale,
        Samples = samples,
        FirstIndex = index,
        Validity = [.. runs],
    };

    public static UtcInstant Time(string text) =>
        UtcInstant.TryParse(text, out UtcInstant instant) ? instant : throw new FormatException(text);
}

/// <summary>A CSV file as a program reads it that knows no more than RFC 4180 and #.</summary>
internal sealed class CsvText
{
    private CsvText(ImmutableArray<string> notes, ImmutableArray<ImmutableArray<string>> rows)
    {
        Notes = notes;
        Columns = rows[0];
        Rows = rows[1..];
    }

    public ImmutableArray<string> Notes { get; }

    public ImmutableArray<string> Columns { get; }

    public ImmutableArray<ImmutableArray<string>> Rows { get; }

    public string this[int row, string column] => Rows[row][Columns.IndexOf(column)];

    public static CsvText Read(string path)
    {
        string text = File.ReadAllText(path);
        var notes = new List<string>();
        int at = 0;
        while (text[at] == '#')
        {
            int end = text.IndexOf('\n', at);
            notes.Add(text[(at + 1)..end].Trim());
            at = end + 1;
        }

        return new CsvText([.. notes], [.. Lines(text, at)]);
    }

    private static IEnumerable<ImmutableArray<string>> Lines(string text, int at)
    {
        var row = new List<string>();
        while (at < text.Length)
        {
            string field;
            if (text[at] == '"')
            {
                int end = at + 1;
                while (text[end] != '"' || (end + 1 < text.Length && text[end + 1] == '"'))
                {
                    end += text[end] == '"' ? 2 : 1;
                }

                field = text[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal);
                at = end + 1;
            }
            else
            {
                int end = text.IndexOfAny([',', '\n'], at);
                field = text[at..end];
                at = end;
            }

            row.Add(field);
            if (text[at++] == '\n')
            {
                yield return [.. row];
                row.Clear();
            }
        }
    }
}
