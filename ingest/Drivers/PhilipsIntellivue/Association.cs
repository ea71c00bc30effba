namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>What the monitor granted (DEI sheet, section 4.4).</summary>
internal sealed record Association
{
    private const int MostLookAhead = 32;

    public required PollOptions Options { get; init; }

    /// <summary>Longest message to the client, bytes.</summary>
    public required uint MaxReceive { get; init; }

    /// <summary>Drives the monitor's inactivity time-out; 1/8 ms.</summary>
    public required uint MinPollPeriod { get; init; }

    private static ReadOnlySpan<byte> UserInformation => [0xBE, 0x80, 0x28, 0x80];

    private static ReadOnlySpan<byte> EncodingTag => [0x02, 0x01, 0x02, 0x81];

    /// <summary>
    /// Finds the user information behind the presentation header, whose ASN.1 is not walked: its bytes may differ between
    /// revisions. Works for requests and accepts; null when there is no poll profile in it.
    /// </summary>
    public static Association? Parse(ReadOnlyMemory<byte> message)
    {
        int at = UserInformationStart(message.Span);
        if (at < 0 || ReadLength(message.Span[at..], out int header) is not { } length || at + header + length > message.Length)
        {
            return null;
        }

        // u32 protocol version, nomenclature version, functional units, system type, startup mode; two attribute lists.
        const int FixedLength = 20;
        ReadOnlyMemory<byte> user = message.Slice(at + header, length);
        if (user.Length < FixedLength
            || !AttributeList.TryRead(user[FixedLength..], out _, out int options)
            || !AttributeList.TryRead(user[(FixedLength + options)..], out AttributeList profiles, out _)
            || !profiles.TryGet(AttributeId.PollProfileSupport, out ReadOnlySpan<byte> profile))
        {
            return null;
        }

        return ReadProfile(profile.ToArray());
    }

    /// <summary>
    /// <c>u32 revision, min poll period, max MTU to the client, max MTU from it, max bandwidth, options</c>, optional packages.
    /// </summary>
    private static Association? ReadProfile(ReadOnlyMemory<byte> profile)
    {
        var reader = new WireReader(profile.Span);
        reader.U32();
        uint period = reader.U32();
        uint receive = reader.U32();
        reader.U32();
        reader.U32();
        reader.U32();
        if (reader.Failed)
        {
            return null;
        }

        uint? granted = AttributeList.TryRead(profile[reader.Position..], out AttributeList packages, out _)
            ? WireFields.U32(packages, AttributeId.PollProfileExtension)
            : null;
        return new Association { Options = (PollOptions)(granted ?? 0), MaxReceive = receive, MinPollPeriod = period };
    }

    private static int UserInformationStart(ReadOnlySpan<byte> message)
    {
        int found = message.IndexOf(UserInformation);
        if (found < 0)
        {
            return -1;
        }

        int from = found + UserInformation.Length;
        ReadOnlySpan<byte> ahead = message.Slice(from, Math.Min(MostLookAhead, message.Length - from));
        int tag = ahead.IndexOf(EncodingTag);
        if (tag >= 0)
        {
            return from + tag + EncodingTag.Length;
        }

        return ahead.Length > 0 && ahead[0] == EncodingTag[^1] ? from + 1 : -1;
    }

    /// <summary>ASNLength: 0…127 in one byte, else <c>0x80 | n</c> and n bytes (section 4.2).</summary>
    private static int? ReadLength(ReadOnlySpan<byte> bytes, out int header)
    {
        const int MostLengthBytes = 2;
        header = 1;
        if (bytes.IsEmpty)
        {
            return null;
        }

        if (bytes[0] < 0x80)
        {
            return bytes[0];
        }

        int count = bytes[0] & 0x7F;
        header = 1 + count;
        if (count is 0 or > MostLengthBytes || bytes.Length < header)
        {
            return null;
        }

        int length = 0;
        foreach (byte part in bytes[1..header])
        {
            length = (length << 8) | part;
        }

        return length;
    }
}
