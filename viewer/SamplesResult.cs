using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer;

/// <summary>Whole blocks as they are stored: <c>u32 length, block</c> each.</summary>
internal sealed class BlocksResult(IEnumerable<Block> blocks) : IResult
{
    private const int FlushAt = 64 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = SamplesEndpoint.BlockType;
        response.Headers.Vary = "Accept";
        var encoded = new ArrayBufferWriter<byte>();
        long pending = 0;
        foreach (Block block in blocks)
        {
            encoded.ResetWrittenCount();
            BlockCodec.Encode(block, encoded);
            BinaryPrimitives.WriteUInt32LittleEndian(response.BodyWriter.GetSpan(sizeof(uint)), (uint)encoded.WrittenCount);
            response.BodyWriter.Advance(sizeof(uint));
            response.BodyWriter.Write(encoded.WrittenSpan);
            pending += encoded.WrittenCount;
            if (pending > FlushAt)
            {
                await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
                pending = 0;
            }
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }
}

/// <summary>Streams JSON block by block, so that a long answer needs no long memory.</summary>
internal abstract class StreamedJson(IEnumerable<Block> blocks) : IResult
{
    private const int FlushAt = 64 * 1024;

    private long _flushed;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.Vary = "Accept";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        Begin(json);
        foreach (Block block in blocks)
        {
            Write(json, block);
            if (json.BytesPending + json.BytesCommitted - _flushed > FlushAt)
            {
                await json.FlushAsync(httpContext.RequestAborted);
                await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
                _flushed = json.BytesCommitted;
            }
        }

        End(json);
        await json.FlushAsync(httpContext.RequestAborted);
    }

    protected abstract void Begin(Utf8JsonWriter json);

    protected abstract void Write(Utf8JsonWriter json, Block block);

    protected abstract void End(Utf8JsonWriter json);

    public static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, UtcInstant time)
    {
        Span<byte> text = stackalloc byte[InstantText.Length];
        if (InstantText.TryWrite(time, text))
        {
            json.WriteString(name, text);
        }
        else
        {
            json.WriteString(name, time.ToString());
        }
    }

    protected static void WriteFlags(Utf8JsonWriter json, ReadOnlySpan<byte> name, Validity validity)
    {
        json.WriteStartArray(name);
        if (validity != Validity.Valid)
        {
            foreach (string flag in validity.Names())
            {
                json.WriteStringValue(flag);
            }
        }

        json.WriteEndArray();
    }
}

/// <summary>Samples of a wave: contiguous blocks become one segment.</summary>
internal sealed class SamplesResult(Signal signal, IEnumerable<Block> blocks, TimeRange range) : StreamedJson(blocks)
{
    private readonly List<ValidityRun> _runs = [];
    private SampleBlock? _top;
    private SampleBlock? _former;
    private int _written;
    private long _nextIndex;

    protected override void Begin(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, signal.Id);
        json.WriteString("unit"u8, signal.Metric.Unit);
    }

    protected override void Write(Utf8JsonWriter json, Block block)
    {
        if (block is not SampleBlock samples)
        {
            return;
        }

        var part = SampleRange.Of(samples, range);
        if (part.Count <= 0)
        {
            return;
        }

        if (_top is null)
        {
            WriteTop(json, samples);
        }

        if (!Continues(samples, part.First))
        {
            EndSegment(json);
            BeginSegment(json, samples, part.First);
        }

        foreach (int raw in samples.Samples.Span.Slice(part.First, part.Count))
        {
            json.WriteNumberValue(raw);
        }

        KeepRuns(samples, part);
        _written += part.Count;
        _former = samples;
        _nextIndex = samples.FirstIndex + part.First + part.Count;
    }

    protected override void End(Utf8JsonWriter json)
    {
        if (_top is null)
        {
            json.WriteNull("period_us"u8);
            WriteScale(json, scale: null);
            json.WriteStartArray("segments"u8);
        }

        EndSegment(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteTop(Utf8JsonWriter json, SampleBlock block)
    {
        _top = block;
        json.WriteNumber("period_us"u8, MicrosecondsOf(block.Period));
        WriteScale(json, block.Scale);
        json.WriteStartArray("segments"u8);
    }

    private bool Continues(SampleBlock block, int first) =>
        _former is SampleBlock former
        && former.ClockEpoch == block.ClockEpoch
        && _nextIndex == block.FirstIndex + first
        && former.Period == block.Period
        && former.Scale == block.Scale;

    private void BeginSegment(Utf8JsonWriter json, SampleBlock block, int first)
    {
        json.WriteStartObject();
        WriteTime(json, "start"u8, block.TimeOf(first));
        if (block.UncertaintyMicroseconds == uint.MaxValue)
        {
            json.WriteNull("uncertaintyUs"u8);
        }
        else
        {
            json.WriteNumber("uncertaintyUs"u8, block.UncertaintyMicroseconds);
        }

        json.WriteNumber("epoch"u8, block.ClockEpoch);
        if (block.Period != _top?.Period)
        {
            json.WriteNumber("period_us"u8, MicrosecondsOf(block.Period));
        }

        if (block.Scale != _top?.Scale)
        {
            WriteScale(json, block.Scale);
        }

        json.WriteStartArray("raw"u8);
    }

    private void EndSegment(Utf8JsonWriter json)
    {
        if (_former is null)
        {
            return;
        }

        json.WriteEndArray();
        json.WriteStartArray("validity"u8);
        foreach (ValidityRun run in _runs)
        {
            json.WriteStartObject();
            json.WriteNumber("start"u8, run.Start);
            json.WriteNumber("length"u8, run.Length);
            WriteFlags(json, "flags"u8, run.Validity);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        _runs.Clear();
        _written = 0;
        _former = null;
    }

    /// <summary>Runs count from the start of the segment; one that goes on from the block before is one run.</summary>
    private void KeepRuns(SampleBlock block, SampleRange part)
    {
        foreach (ValidityRun run in block.Validity)
        {
            int start = Math.Max(run.Start, part.First) - part.First + _written;
            int end = Math.Min(run.Start + run.Length, part.First + part.Count) - part.First + _written;
            if (start >= end)
            {
                continue;
            }

            if (_runs.Count > 0 && _runs[^1] is ValidityRun last && last.Start + last.Length == start && last.Validity == run.Validity)
            {
                _runs[^1] = last with { Length = end - last.Start };
            }
            else
            {
                _runs.Add(new ValidityRun(start, end - start, run.Validity));
            }
        }
    }

    private static double MicrosecondsOf(SamplePeriod period) => 1e6 * period.Numerator / period.Denominator;

    private static void WriteScale(Utf8JsonWriter json, Scale? scale)
    {
        if (scale is Scale known)
        {
            json.WriteNumber("gain"u8, known.Gain);
            json.WriteNumber("offset"u8, known.Offset);
        }
        else
        {
            json.WriteNull("gain"u8);
            json.WriteNull("offset"u8);
        }
    }
}

/// <summary>Readings of a numeric or setting, or states of a text.</summary>
internal sealed class ReadingsResult(Signal signal, IEnumerable<Block> blocks, TimeRange range) : StreamedJson(blocks)
{
    protected override void Begin(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, signal.Id);
        json.WriteString("unit"u8, signal.Metric.Unit);
        json.WriteStartArray("readings"u8);
    }

    protected override void Write(Utf8JsonWriter json, Block block)
    {
        if (block is TextBlock text && text.Start >= range.From && text.Start < range.To)
        {
            json.WriteStartObject();
            WriteTime(json, "time"u8, text.Start);
            json.WriteNull("value"u8);
            json.WriteString("text"u8, text.Text);
            WriteFlags(json, "validity"u8, text.Validity);
            json.WriteNull("deviceTime"u8);
            json.WriteEndObject();
        }
        else if (block is NumericBlock numeric)
        {
            foreach (NumericReading reading in numeric.Readings)
            {
                if (reading.Time >= range.From && reading.Time < range.To)
                {
                    WriteReading(json, reading);
                }
            }
        }
    }

    protected override void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The value is written with the decimals the device showed: 95.0 is not 95.</summary>
    private static void WriteReading(Utf8JsonWriter json, NumericReading reading)
    {
        json.WriteStartObject();
        WriteTime(json, "time"u8, reading.Time);
        if (reading.Value is Fixed value)
        {
            json.WritePropertyName("value"u8);
            json.WriteRawValue(value.ToString(), skipInputValidation: true);
        }
        else
        {
            json.WriteNull("value"u8);
        }

        json.WriteNull("text"u8);
        WriteFlags(json, "validity"u8, reading.Validity);
        if (reading.DeviceNanoseconds is long device)
        {
            json.WriteString("deviceTime"u8, new Fixed(device, -9).ToString());
        }
        else
        {
            json.WriteNull("deviceTime"u8);
        }

        json.WriteEndObject();
    }
}
