using System.Buffers.Binary;
using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Storage.Coding;

/// <summary>
/// Payload of kind 1.
/// <code>
///  0  i64  device time of the first sample, ns        8  i64  index of the first sample
/// 16  u32  period, numerator (s)                     20  u32  period, denominator
/// 24  f64  gain                                      32  f64  offset
/// 40  u32  count      44  u8 codec     45  u8 parameter      46  u16  validity runs (n)
/// 48  n × { u32 start, u32 length, u16 validity }, then the coded samples
/// </code>
/// FORMAT.md, section 2.
/// </summary>
internal static class SamplePayload
{
    /// <summary>Most samples of a block.</summary>
    public const int MaximumCount = 1 << 20;

    /// <summary>Device time of a device that has none.</summary>
    public const long NoDeviceTime = long.MinValue;

    public const int FixedBytes = RunsAt + sizeof(ushort);

    private const byte Constant = 0;
    private const byte Verbatim = 1;
    private const byte Rice = 2;

    private const int DeviceTimeAt = 0;
    private const int IndexAt = DeviceTimeAt + sizeof(long);
    private const int NumeratorAt = IndexAt + sizeof(long);
    private const int DenominatorAt = NumeratorAt + sizeof(uint);
    private const int GainAt = DenominatorAt + sizeof(uint);
    private const int OffsetAt = GainAt + sizeof(double);
    private const int CountAt = OffsetAt + sizeof(double);
    private const int CodecAt = CountAt + sizeof(uint);
    private const int ParameterAt = CodecAt + sizeof(byte);
    private const int RunsAt = ParameterAt + sizeof(byte);
    private const int RunBytes = sizeof(uint) + sizeof(uint) + sizeof(ushort);

    /// <summary>The payload is never longer than this.</summary>
    public static int Bound(SampleBlock block) =>
        FixedBytes + (block.Validity.Length * RunBytes) + (Math.Max(1, block.Samples.Length) * sizeof(int));

    /// <summary>How many samples a payload holds, without reading them; 0 when it is too short to say.</summary>
    public static uint CountOf(ReadOnlySpan<byte> payload) =>
        payload.Length < FixedBytes ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(payload[CountAt..]);

    /// <summary>Bytes before the coded samples. The payload is one that was encoded here.</summary>
    public static int HeadBytes(ReadOnlySpan<byte> payload) => FixedBytes + (BinaryPrimitives.ReadUInt16LittleEndian(payload[RunsAt..]) * RunBytes);

    public static int Encode(SampleBlock block, Span<byte> bytes)
    {
        int at = EncodeHead(block, bytes);
        return at + EncodeSamples(block.Samples.Span, bytes[at..], out bytes[CodecAt], out bytes[ParameterAt]);
    }

    /// <summary>In the codec that takes the fewest bytes.</summary>
    public static int EncodeSealed(SampleBlock block, Span<byte> bytes)
    {
        int plain = Encode(block, bytes);
        int at = FixedBytes + (block.Validity.Length * RunBytes);
        if (bytes[CodecAt] == Constant || Bound(block) > BlockCodec.MaximumBytes - BlockCodec.HeaderBytes)
        {
            return plain;
        }

        ReadOnlySpan<byte> dense = DenseEncoder.Encode(block.Samples.Span, plain - at);
        if (dense.IsEmpty)
        {
            return plain;
        }

        dense.CopyTo(bytes[at..]);
        (bytes[CodecAt], bytes[ParameterAt]) = (DenseSamples.Codec, 0);
        return at + dense.Length;
    }

    /// <summary>All samples, or, where that is faster, those before <paramref name="until"/> and a few more.</summary>
    public static SampleBlock Decode(BlockHeader header, ReadOnlySpan<byte> bytes, UtcInstant until)
    {
        if (bytes.Length < FixedBytes)
        {
            throw new BlockFormatException($"{bytes.Length} bytes are not a payload of samples");
        }

        uint numerator = BinaryPrimitives.ReadUInt32LittleEndian(bytes[NumeratorAt..]);
        uint denominator = BinaryPrimitives.ReadUInt32LittleEndian(bytes[DenominatorAt..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CountAt..]);
        int runs = BinaryPrimitives.ReadUInt16LittleEndian(bytes[RunsAt..]);
        int at = FixedBytes + (runs * RunBytes);
        if (numerator == 0 || denominator == 0 || count is 0 or > MaximumCount || at > bytes.Length)
        {
            throw new BlockFormatException($"{count} samples of {numerator}/{denominator} s with {runs} runs in {bytes.Length} bytes");
        }

        var period = new SamplePeriod(numerator, denominator);
        CheckEnd(header, numerator, denominator, count);
        long deviceTime = BinaryPrimitives.ReadInt64LittleEndian(bytes[DeviceTimeAt..]);

        // Times are rounded: one sample to spare on either side.
        bool isPart = bytes[CodecAt] == DenseSamples.Codec && until < header.End;
        int wanted = isPart ? (int)Math.Clamp(period.SamplesIn(until.Since(header.Start)) + 2, 1, count) : (int)count;
        return new SampleBlock
        {
            Signal = header.Signal,
            Start = header.Start,
            UncertaintyMicroseconds = header.UncertaintyMicroseconds,
            ClockEpoch = header.ClockEpoch,
            Period = period,
            Scale = DecodeScale(bytes),
            FirstIndex = BinaryPrimitives.ReadInt64LittleEndian(bytes[IndexAt..]),
            DeviceNanoseconds = deviceTime == NoDeviceTime ? null : deviceTime,
            Validity = Cut(DecodeRuns(bytes[FixedBytes..at], count), wanted),
            Samples = isPart ? DecodePart(bytes[at..], bytes[ParameterAt], (int)count, wanted) : DecodeSamples(bytes[at..], bytes[CodecAt], bytes[ParameterAt], (int)count),
        };
    }

    private static int EncodeHead(SampleBlock block, Span<byte> bytes)
    {
        ReadOnlySpan<int> samples = block.Samples.Span;
        Check(block);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[DeviceTimeAt..], block.DeviceNanoseconds ?? NoDeviceTime);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[IndexAt..], block.FirstIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[NumeratorAt..], block.Period.Numerator);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[DenominatorAt..], block.Period.Denominator);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[GainAt..], block.Scale?.Gain ?? double.NaN);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[OffsetAt..], block.Scale?.Offset ?? double.NaN);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CountAt..], (uint)samples.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[RunsAt..], (ushort)block.Validity.Length);
        int at = FixedBytes;
        foreach (ValidityRun run in block.Validity)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], (uint)run.Start);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(at + sizeof(uint))..], (uint)run.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(at + (2 * sizeof(uint)))..], (ushort)run.Validity);
            at += RunBytes;
        }

        return at;
    }

    private static void Check(SampleBlock block)
    {
        if (block.Samples.Length is 0 or > MaximumCount)
        {
            throw new ArgumentException($"a block holds 1 to {MaximumCount} samples, not {block.Samples.Length}");
        }

        if (block.Period.Denominator == 0 || Overflows(block.Start, block.Period.Numerator, block.Period.Denominator, (uint)block.Samples.Length))
        {
            throw new ArgumentException($"{block.Samples.Length} samples of {block.Period} from {block.Start} have no end");
        }

        if (block.Scale is { } scale && double.IsNaN(scale.Gain) != double.IsNaN(scale.Offset))
        {
            throw new ArgumentException("a scale is whole or absent");
        }

        long free = 0;
        foreach (ValidityRun run in block.Validity)
        {
            if (run.Start < free || run.Length < 1 || run.Start + (long)run.Length > block.Samples.Length)
            {
                throw new ArgumentException("validity runs ascend, do not overlap and lie inside the block");
            }

            free = run.Start + (long)run.Length;
        }

        if (block.Validity.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"{block.Validity.Length} validity runs are more than a block holds");
        }
    }

    private static int EncodeSamples(ReadOnlySpan<int> samples, Span<byte> bytes, out byte codec, out byte parameter)
    {
        if (!samples.ContainsAnyExcept(samples[0]))
        {
            (codec, parameter) = (Constant, 0);
            BinaryPrimitives.WriteInt32LittleEndian(bytes, samples[0]);
            return sizeof(int);
        }

        int width = Width(samples);
        int order = Math.Min(FixedPredictorRice.BestOrder(samples), samples.Length - 1);
        int length = FixedPredictorRice.Encode(samples, order, bytes[..((width * samples.Length) - 1)]);
        if (length >= 0)
        {
            (codec, parameter) = (Rice, (byte)order);
            return length;
        }

        (codec, parameter) = (Verbatim, (byte)width);
        WriteVerbatim(samples, width, bytes);
        return width * samples.Length;
    }

    private static int[] DecodeSamples(ReadOnlySpan<byte> bytes, byte codec, byte parameter, int count)
    {
        int expected = codec switch
        {
            Constant => sizeof(int),
            Verbatim when parameter is 1 or 2 or 4 => parameter * count,
            Rice => bytes.Length,

            // What was decoded must be writable in a plain codec too, for the screen.
            DenseSamples.Codec when parameter == 0 && count <= DenseSamples.MaximumCount => bytes.Length,
            _ => throw new BlockFormatException($"codec {codec} with parameter {parameter} is not known"),
        };
        if (expected != bytes.Length)
        {
            throw new BlockFormatException($"{count} samples in {bytes.Length} bytes, where codec {codec} takes {expected}");
        }

        // A partition of 64 residuals takes at least 11 bits: what cannot be there is not allocated for.
        if (codec == Rice && bytes.Length < (count - FixedPredictorRice.HighestOrder) / 64)
        {
            throw new BlockFormatException($"{count} samples are not in {bytes.Length} bytes");
        }

        int[] samples = GC.AllocateUninitializedArray<int>(count);
        switch (codec)
        {
            case Constant:
                samples.AsSpan().Fill(BinaryPrimitives.ReadInt32LittleEndian(bytes));
                break;
            case Verbatim:
                ReadVerbatim(bytes, parameter, samples);
                break;
            case DenseSamples.Codec:
                DenseSamples.Decode(bytes, samples, isWhole: true);
                break;
            default:
                FixedPredictorRice.Decode(bytes, parameter, samples);
                break;
        }

        return samples;
    }

    private static int[] DecodePart(ReadOnlySpan<byte> bytes, byte parameter, int count, int wanted)
    {
        if (parameter != 0 || count > DenseSamples.MaximumCount)
        {
            throw new BlockFormatException($"codec {DenseSamples.Codec} with parameter {parameter} is not known");
        }

        int[] samples = new int[wanted];
        DenseSamples.Decode(bytes, samples, isWhole: wanted == count);
        return samples;
    }

    /// <summary>What of the runs lies in the first samples.</summary>
    private static ImmutableArray<ValidityRun> Cut(ImmutableArray<ValidityRun> runs, int wanted) =>
        runs.IsEmpty || runs[^1].Start + runs[^1].Length <= wanted
            ? runs
            : [.. runs.Where(run => run.Start < wanted).Select(run => run with { Length = Math.Min(run.Length, wanted - run.Start) })];

    private static int Width(ReadOnlySpan<int> samples)
    {
        int magnitude = 0;
        foreach (int sample in samples)
        {
            magnitude |= sample ^ (sample >> 31);
        }

        return magnitude switch
        {
            <= sbyte.MaxValue => 1,
            <= short.MaxValue => 2,
            _ => 4,
        };
    }

    private static void WriteVerbatim(ReadOnlySpan<int> samples, int width, Span<byte> bytes)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            switch (width)
            {
                case 1:
                    bytes[i] = (byte)samples[i];
                    break;
                case 2:
                    BinaryPrimitives.WriteInt16LittleEndian(bytes[(2 * i)..], (short)samples[i]);
                    break;
                default:
                    BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], samples[i]);
                    break;
            }
        }
    }

    private static void ReadVerbatim(ReadOnlySpan<byte> bytes, int width, Span<int> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = width switch
            {
                1 => (sbyte)bytes[i],
                2 => BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]),
                _ => BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]),
            };
        }
    }

    private static Scale? DecodeScale(ReadOnlySpan<byte> bytes)
    {
        double gain = BinaryPrimitives.ReadDoubleLittleEndian(bytes[GainAt..]);
        double offset = BinaryPrimitives.ReadDoubleLittleEndian(bytes[OffsetAt..]);
        if (double.IsNaN(gain) != double.IsNaN(offset))
        {
            throw new BlockFormatException("half a scale");
        }

        return double.IsNaN(gain) ? null : new Scale(gain, offset);
    }

    private static ImmutableArray<ValidityRun> DecodeRuns(ReadOnlySpan<byte> bytes, uint count)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>(bytes.Length / RunBytes);
        uint free = 0;
        for (int at = 0; at < bytes.Length; at += RunBytes)
        {
            uint start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + sizeof(uint))..]);
            var validity = (Validity)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + (2 * sizeof(uint)))..]);
            if (start < free || length == 0 || (ulong)start + length > count)
            {
                throw new BlockFormatException($"a validity run of {length} samples from {start} in a block of {count}");
            }

            free = start + length;
            runs.Add(new ValidityRun((int)start, (int)length, validity));
        }

        return runs.MoveToImmutable();
    }

    private static void CheckEnd(BlockHeader header, uint numerator, uint denominator, uint count)
    {
        if (Overflows(header.Start, numerator, denominator, count))
        {
            throw new BlockFormatException($"{count} samples of {numerator}/{denominator} s from {header.Start} have no end");
        }
    }

    private static bool Overflows(UtcInstant start, uint numerator, uint denominator, uint count) =>
        start.UnixNanoseconds + ((Int128)count * numerator * 1_000_000_000 / denominator) >= long.MaxValue;
}
