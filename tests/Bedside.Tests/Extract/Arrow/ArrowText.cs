using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bedside.Extract;
using Bedside.Extract.Arrow;
using Bedside.Model;

namespace Bedside.Tests.Extract.Arrow;

/// <summary>An Arrow file of an export, whole in memory, with its cells spelt as others spell them.</summary>
internal sealed class ArrowText
{
    private readonly List<ArrowBatch> _batches;

    private ArrowText(ArrowSchema schema, List<ArrowBatch> batches)
    {
        Schema = schema;
        _batches = batches;
    }

    public ArrowSchema Schema { get; }

    public IEnumerable<int> RowsOfBatches => _batches.Select(batch => batch.Rows);

    public int Rows => _batches.Sum(batch => batch.Rows);

    public static ArrowText Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        var reader = new ArrowFileReader(stream);
        return new ArrowText(reader.Schema, [.. reader.ReadAll()]);
    }

    public int IndexOf(string name) => Schema.Fields.Select(field => field.Name).ToList().IndexOf(name);

    /// <summary>long, double, string or null.</summary>
    public IEnumerable<object?> Cells(int column) =>
        _batches.SelectMany(batch => Enumerable.Range(0, batch.Rows).Select(row => RandomTable.Cell(batch.Columns[column], row)));

    public IEnumerable<object?> Cells(string name) => Cells(IndexOf(name));

    public string Note(string key) => Schema.Metadata.First(pair => pair.Key == $"bedside.{key}").Value;

    public static string Note(ArrowField field, string key) => field.Metadata.FirstOrDefault(pair => pair.Key == $"bedside.{key}").Value ?? string.Empty;

    /// <summary>The cells of a column of the CSV table of the same name, spelt as that spells them.</summary>
    public IEnumerable<string> AsCsv(string name)
    {
        int at = IndexOf(name);
        if (at < 0)
        {
            string nanoseconds = name == "seconds" ? "nanoseconds" : $"{name[..^2]}_ns";
            return Cells(nanoseconds).Select(cell => cell is long value ? Spelling.Seconds(value) : string.Empty);
        }

        int mantissa = IndexOf($"{name}_mantissa");
        if (mantissa >= 0)
        {
            return Cells(mantissa).Zip(Cells(mantissa + 1), Cells(at)).Select(cell => Decimal(cell.First, cell.Second, cell.Third));
        }

        ArrowKind kind = Schema.Fields[at].Type.Kind;
        return Cells(at).Select(cell => (kind, cell) switch
        {
            (_, null) => string.Empty,
            (ArrowKind.Nanoseconds, long time) => new UtcInstant(time).ToString(),
            (ArrowKind.Bool, long truth) => truth == 0 ? "false" : "true",
            (_, double number) => number.ToString("R", CultureInfo.InvariantCulture),
            (_, var other) => Convert.ToString(other, CultureInfo.InvariantCulture)!, // neither is null here
        });
    }

    /// <summary>What tests/interop/read.mjs makes of a column's cells.</summary>
    /// <param name="divisor">Of times: their unit in units of what is read.</param>
    public string Digest(int column, long divisor = 1)
    {
        bool isTime = Schema.Fields[column].Type.IsTime;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (object? cell in Cells(column))
        {
            string text = cell switch
            {
                null => "∅",
                double number => double.IsNaN(number) ? "NaN" : BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
                long whole when isTime => (whole / divisor).ToString(CultureInfo.InvariantCulture),
                _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!, // only null gives none
            };
            hash.AppendData(Encoding.UTF8.GetBytes($"{text}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Decimal(object? mantissa, object? exponent, object? value)
    {
        if (mantissa is not long digits || exponent is not long power)
        {
            Assert.Null(value);
            return string.Empty;
        }

        var exact = new Fixed(digits, (sbyte)power);
        Assert.Equal(exact.ToDouble(), value);
        return exact.ToString();
    }
}
