using System.IO.Compression;
using System.Text;
using Bedside.Extract.Arrow;
using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>
/// The readings of a stay, signal by signal, as <c>numerics/STAY.arrow</c> and <c>csv/STAY.csv.gz</c>: the same rows from the same numbers. The head of the gzip file has no name and
/// no time.
/// </summary>
internal sealed class NumericsFile : IDisposable
{
    private const int LongestRow = 512;

    private readonly StayTime _time;
    private readonly FileStream _table;
    private readonly ArrowWriter _writer;
    private readonly FileStream _packed;
    private readonly BufferedStream _text;
    private readonly byte[] _row = new byte[LongestRow];
    private bool _isWhole;

    public NumericsFile(PackageFolder folder, string stay, StayTime time)
    {
        _time = time;
        string name = WfdbNames.Plain(stay);
        _table = folder.Create($"numerics/{name}.arrow");
        _writer = new ArrowWriter(_table, PackageDescription.Numerics(time), ArrowForm.File);
        _packed = folder.Create($"csv/{name}.csv.gz");
        _text = new BufferedStream(new GZipStream(_packed, CompressionLevel.Fastest), 1 << 16);
        _text.Write(Encoding.UTF8.GetBytes($"{(time.IsWall ? "t" : "t_s")},signal,device,value,unit,validity\n"));
    }

    public long Readings { get; private set; }

    public void Take(PackagedSignal signal, NumericReading reading)
    {
        long time = _time.Of(reading.Time);
        string marks = Spelling.Of(reading.Validity);
        AppendTable(signal, time, reading.Value, marks);
        string value = reading.Value?.ToString() ?? string.Empty;
        _ = System.Text.Unicode.Utf8.TryWrite(_row, $"{StayTime.TextOf(time, _time.IsWall)},{signal.Name},{signal.Device.Name},{value},{signal.Unit},{marks}\n", out int length)
            ? true
            : throw new System.Diagnostics.UnreachableException($"a row of more than {LongestRow} bytes");
        _text.Write(_row.AsSpan(0, length));
        Readings++;
    }

    /// <summary>The end of both files; without it neither becomes whole.</summary>
    public void Finish()
    {
        _writer.Finish();
        _isWhole = true;
    }

    /// <summary>Lets go of the files. The end of the gzip file is written only behind <see cref="Finish"/>, so that what was given up is not taken for whole.</summary>
    public void Dispose()
    {
        _table.Dispose();
        if (_isWhole)
        {
            _text.Dispose();
        }

        _packed.Dispose();
    }

    private void AppendTable(PackagedSignal signal, long time, Fixed? value, string marks)
    {
        IReadOnlyList<ColumnBuilder> columns = _writer.Columns;
        columns[0].Append(time);
        columns[1].Append(signal.Name);
        columns[2].Append(signal.Device.Name);
        if (value is Fixed number)
        {
            columns[3].Append(number.ToDouble());
            columns[4].Append(number.Mantissa);
            columns[5].Append(number.Exponent);
        }
        else
        {
            columns[3].AppendNull();
            columns[4].AppendNull();
            columns[5].AppendNull();
        }

        AppendText(columns[6], signal.Unit);
        AppendText(columns[7], marks);
        _writer.EndRow();
    }

    private static void AppendText(ColumnBuilder column, string text)
    {
        if (text.Length == 0)
        {
            column.AppendNull();
        }
        else
        {
            column.Append(text);
        }
    }
}
