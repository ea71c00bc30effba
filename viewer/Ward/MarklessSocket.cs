using System.Buffers.Binary;
using System.Net.WebSockets;
using Bedside.Storage;
using Bedside.Viewer.Live;

namespace Bedside.Viewer.Ward;

/// <summary>The live stream as another box gets it: without the marks, which are free text of persons. Everything else passes as it is.</summary>
internal sealed class MarklessSocket(WebSocket inner) : WebSocket
{
    private const int TypeAt = 5;

    public override WebSocketCloseStatus? CloseStatus => inner.CloseStatus;

    public override string? CloseStatusDescription => inner.CloseStatusDescription;

    public override WebSocketState State => inner.State;

    public override string? SubProtocol => inner.SubProtocol;

    /// <summary>The frame without blocks of marks; the very same bytes when it has none.</summary>
    public static ReadOnlyMemory<byte> WithoutMarks(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length < FrameHeader.Length || frame.Span[TypeAt] != (byte)FrameType.Blocks || !HasMarks(frame.Span[FrameHeader.Length..]))
        {
            return frame;
        }

        byte[] kept = new byte[frame.Length];
        frame.Span[..FrameHeader.Length].CopyTo(kept);
        int length = FrameHeader.Length;
        for (int at = FrameHeader.Length; at < frame.Length;)
        {
            ReadOnlySpan<byte> block = frame.Span.Slice(at, sizeof(uint) + (int)BinaryPrimitives.ReadUInt32LittleEndian(frame.Span[at..]));
            if (block[sizeof(uint)] != (byte)BlockKind.Annotation)
            {
                block.CopyTo(kept.AsSpan(length));
                length += block.Length;
            }

            at += block.Length;
        }

        return kept.AsMemory(0, length);
    }

    public override void Abort() => inner.Abort();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        inner.CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override void Dispose() => inner.Dispose();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => inner.ReceiveAsync(buffer, cancellationToken);

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReceiveAsync(buffer, cancellationToken);

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync(buffer.AsMemory(), messageType, endOfMessage, cancellationToken).AsTask();

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        inner.SendAsync(messageType == WebSocketMessageType.Binary ? WithoutMarks(buffer) : buffer, messageType, endOfMessage, cancellationToken);

    private static bool HasMarks(ReadOnlySpan<byte> body)
    {
        for (int at = 0; at < body.Length;)
        {
            if (body[at + sizeof(uint)] == (byte)BlockKind.Annotation)
            {
                return true;
            }

            at += sizeof(uint) + (int)BinaryPrimitives.ReadUInt32LittleEndian(body[at..]);
        }

        return false;
    }
}
