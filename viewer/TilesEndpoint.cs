using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Bedside.Viewer;

/// <summary>
/// <c>/tiles/{number}/{level}/{index}</c>, little-endian (PROTOCOL.md, section 3):
/// <code>
/// ┌──────────────┬────────────┬──────────┬─────────────┬──────────────┬───────────────┬──────────┬────────────┐
/// │ magic "BDT1" │ version u8 │ level u8 │ columns u16 │ start i64 ns │ column i64 ns │ gain f64 │ offset f64 │
/// └──────────────┴────────────┴──────────┴─────────────┴──────────────┴───────────────┴──────────┴────────────┘
///  0              4            5          6             8              16              24         32           40
/// 512 × ┌─────────┬─────────┬──────────┬───────────┐
///       │ min i32 │ max i32 │ mean f32 │ count u32 │   16 bytes
///       └─────────┴─────────┴──────────┴───────────┘
/// </code>
/// </summary>
internal static class TilesEndpoint
{
    public const int Columns = 512;
    public const int HighestLevel = 12;
    public const int Length = HeaderLength + (Columns * ColumnLength);

    private const uint Magic = 0x31544442;
    private const byte Version = 1;
    private const long FinestColumnNanoseconds = 15_625_000;
    private const int VersionAt = sizeof(uint);
    private const int LevelAt = VersionAt + sizeof(byte);
    private const int ColumnsAt = LevelAt + sizeof(byte);
    private const int StartAt = ColumnsAt + sizeof(ushort);
    private const int WidthAt = StartAt + sizeof(long);
    private const int GainAt = WidthAt + sizeof(long);
    private const int OffsetAt = GainAt + sizeof(double);
    private const int HeaderLength = OffsetAt + sizeof(double);
    private const int MaxAt = sizeof(int);
    private const int MeanAt = MaxAt + sizeof(int);
    private const int CountAt = MeanAt + sizeof(float);
    private const int ColumnLength = CountAt + sizeof(uint);
    private const int TagBytes = 12;
    private const string Immutable = "public, max-age=31536000, immutable";
    private const string Open = "no-cache";
    private const string Gzip = "gzip";

    /// <summary>A tile is closed when everything up to its end and this much later is on disk: readings may come a little late.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    public static void MapTiles(this IEndpointRouteBuilder api) =>
        api.MapGet("/tiles/{number}/{level:int}/{index:long}", Answer)
            .WithName("tile").WithTags("signals").WithSummary("512 columns of one level as a binary tile; closed tiles never change.")
            .Produces<byte[]>(200, "application/octet-stream").Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(400).ProducesProblem(404);

    /// <summary>Nanoseconds of a column: four times as long with each level.</summary>
    public static long ColumnNanoseconds(int level) => FinestColumnNanoseconds << (2 * level);

    private static IResult Answer(string number, int level, long index, HttpContext context, BedView view)
    {
        if (level is < 0 or > HighestLevel)
        {
            return Problems.BadRequest($"'level' must be 0 to {HighestLevel}.");
        }

        long column = ColumnNanoseconds(level);
        long tile = Columns * column;
        if (index < 0 || index >= long.MaxValue / tile)
        {
            return Problems.BadRequest("'index' must be the tile's start since 1970 divided by its length.");
        }

        var start = new UtcInstant(index * tile);
        int hidden = 0;
        if (AmbientWindow.Of(context) is UtcInstant least)
        {
            if (start.Add(tile) <= least)
            {
                return AmbientWindow.Refusal;
            }

            // A column that begins before is of the time before too.
            hidden = (int)Math.Clamp((least.Since(start) + column - 1) / column, 0, Columns);
        }

        Signal? signal = view.Find(number);
        if (signal is null || signal.Metric.Kind == SignalKind.Text)
        {
            return Problems.NoSignal(number);
        }

        UtcInstant? stored = view.StoredUpTo();
        byte[] bytes = Write(level, start, column, hidden, view.Store.Columns(signal.Number, start, column, Columns), out bool hasValues);
        bool isClosed = hasValues && stored is UtcInstant upTo && start.Add(tile).Add(Settling.Nanoseconds()) <= upTo;
        string tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, TagBytes));
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = isClosed ? Immutable : Open;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (TakesGzip(context.Request))
        {
            headers.ContentEncoding = Gzip;
            return TypedResults.Bytes(Zip(bytes), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{tag}-{Gzip}\""));
        }

        return TypedResults.Bytes(bytes, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{tag}\""));
    }

    private static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? taken)
        && taken.Any(one => one.Value.Equals(Gzip, StringComparison.OrdinalIgnoreCase) && one.Quality is not 0);

    /// <summary>Columns of one level are alike: a third to a tenth of the bytes for about 0.1 ms.</summary>
    private static byte[] Zip(byte[] tile)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tile);
        }

        return zipped.ToArray();
    }

    private static byte[] Write(int level, UtcInstant start, long column, int hidden, EnvelopeColumns columns, out bool hasValues)
    {
        hasValues = false;
        byte[] tile = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(tile, Magic);
        tile[VersionAt] = Version;
        tile[LevelAt] = (byte)level;
        BinaryPrimitives.WriteUInt16LittleEndian(tile.AsSpan(ColumnsAt), Columns);
        BinaryPrimitives.WriteInt64LittleEndian(tile.AsSpan(StartAt), start.UnixNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(tile.AsSpan(WidthAt), column);
        BinaryPrimitives.WriteDoubleLittleEndian(tile.AsSpan(GainAt), columns.Scale.Gain);
        BinaryPrimitives.WriteDoubleLittleEndian(tile.AsSpan(OffsetAt), columns.Scale.Offset);
        for (int i = hidden; i < columns.Count; i++)
        {
            EnvelopeColumn one = columns[i];
            Span<byte> bytes = tile.AsSpan(HeaderLength + (i * ColumnLength), ColumnLength);
            BinaryPrimitives.WriteInt32LittleEndian(bytes, one.Min);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[MaxAt..], one.Max);
            BinaryPrimitives.WriteSingleLittleEndian(bytes[MeanAt..], (float)one.Mean);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[CountAt..], (uint)Math.Min(one.Count, uint.MaxValue));
            hasValues |= one.Count > 0;
        }

        return tile;
    }
}
