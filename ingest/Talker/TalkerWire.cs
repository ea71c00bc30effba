using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bedside.Ingest.Talker;

/// <summary>What a frame is (PROTOCOL.md, section 2).</summary>
internal enum FrameKind : byte
{
    List = (byte)'L',
    Open = (byte)'O',
    Tune = (byte)'T',
    Send = (byte)'S',
    Count = (byte)'C',
    Ports = (byte)'P',
    Done = (byte)'K',
    Data = (byte)'D',
    Counted = (byte)'E',
    Fault = (byte)'F',
}

/// <summary>A frame that was read.</summary>
internal readonly record struct Frame(FrameKind Kind, byte[] Body)
{
    /// <summary>Throws <see cref="IOException"/> when it is not that.</summary>
    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type) ?? throw TalkerWire.Nonsense();
        }
        catch (JsonException)
        {
            throw TalkerWire.Nonsense();
        }
    }
}

/// <summary>Frames over a Unix socket: kind, length of the body (32 bits, little-endian), body. One thread owns it. Every failure is an <see cref="IOException"/>.</summary>
internal sealed class TalkerWire(Socket socket) : IDisposable
{
    /// <summary>Of a body.</summary>
    public const int MostBytes = 64 * 1024;

    private const int HeaderBytes = 5;

    private readonly byte[] _out = new byte[HeaderBytes + MostBytes];

    /// <summary>To wait for it together with another file.</summary>
    public SafeHandle Handle => socket.SafeHandle;

    public static IOException Nonsense() => new("what came through the talker's socket is not its protocol");

    public void Write(FrameKind kind, ReadOnlySpan<byte> body = default)
    {
        _out[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(_out.AsSpan(1), body.Length);
        body.CopyTo(_out.AsSpan(HeaderBytes));
        try
        {
            ReadOnlySpan<byte> left = _out.AsSpan(0, HeaderBytes + body.Length);
            while (!left.IsEmpty)
            {
                left = left[socket.Send(left, SocketFlags.None)..];
            }
        }
        catch (SocketException lost)
        {
            throw new IOException(lost.Message, lost);
        }
    }

    public void Write<T>(FrameKind kind, T body, JsonTypeInfo<T> type) => Write(kind, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <summary>Null = the other end is gone, between two frames.</summary>
    public Frame? Read()
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (!Fill(header, mayEnd: true))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(header[1..]);
        if (length is < 0 or > MostBytes)
        {
            throw Nonsense();
        }

        byte[] body = new byte[length];
        _ = Fill(body, mayEnd: false);
        return new Frame((FrameKind)header[0], body);
    }

    /// <summary>Whether there is something to read within the time.</summary>
    public bool Waits(TimeSpan most)
    {
        try
        {
            return socket.Poll(most, SelectMode.SelectRead);
        }
        catch (SocketException lost)
        {
            throw new IOException(lost.Message, lost);
        }
    }

    /// <summary>Says that nothing more will be written, and waits until the other end has let go too, or for <paramref name="most"/>.</summary>
    public void PartWith(TimeSpan most)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            socket.ReceiveTimeout = (int)most.TotalMilliseconds;
            while (socket.Receive(_out) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // It is gone already, or too slow: the port is free when its process says so.
        }
    }

    public void Dispose() => socket.Dispose();

    private bool Fill(Span<byte> room, bool mayEnd)
    {
        int have = 0;
        while (have < room.Length)
        {
            int got = Receive(room[have..]);
            if (got == 0)
            {
                return have == 0 && mayEnd ? false : throw new IOException("the other end is gone in the middle of a frame");
            }

            have += got;
        }

        return true;
    }

    private int Receive(Span<byte> room)
    {
        try
        {
            return socket.Receive(room, SocketFlags.None);
        }
        catch (SocketException lost)
        {
            throw new IOException(lost.Message, lost);
        }
    }
}
