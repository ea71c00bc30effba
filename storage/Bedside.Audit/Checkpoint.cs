using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Bedside.Model;

namespace Bedside.Audit;

/// <summary>That another box saw a checkpoint, and that it goes on from what it saw before.</summary>
/// <param name="PublicKey">SubjectPublicKeyInfo of the witness; <paramref name="Name"/> is made of it.</param>
internal sealed record Cosignature(string Name, UtcInstant At, byte[] PublicKey, byte[] Signature);

/// <summary>
/// How long the journal was at a moment and what its tree said, signed: a note in the manner of C2SP's tlog-checkpoint. Without the journal it tells nothing of what stands in it, so that it
/// can be printed, pinned to a wall and given to another box. FORMAT.md, section 5.
/// </summary>
internal sealed record Checkpoint(long Size, byte[] Root, UtcInstant At, byte[] PublicKey, byte[] Signature)
{
    private const string SignatureMark = "— ";
    private const int KeyIdBytes = 4;

    /// <summary>Letters of a file with checkpoints, at most.</summary>
    public const int MostLetters = 64 * 1024;

    public IReadOnlyList<Cosignature> Cosigned { get; init; } = [];

    /// <summary>Whose it is.</summary>
    public string Origin => CheckpointSigner.NameOf(PublicKey);

    /// <summary>What is signed.</summary>
    public string Text => TextOf(Size, Root, At, PublicKey);

    public static Checkpoint Sign(CheckpointSigner signer, long size, byte[] root, UtcInstant at) =>
        new(size, root, at, signer.PublicKey, signer.Sign(TextOf(size, root, at, signer.PublicKey)));

    public bool IsSigned => CheckpointSigner.IsSigned(PublicKey, Text, Signature);

    public bool IsCosigned(Cosignature by) => CheckpointSigner.IsSigned(by.PublicKey, CosignedText(by.At), by.Signature);

    public Checkpoint CosignedBy(CheckpointSigner witness, UtcInstant at) =>
        this with { Cosigned = [.. Cosigned.Where(one => one.Name != witness.Name), new Cosignature(witness.Name, at, witness.PublicKey, witness.Sign(CosignedText(at)))] };

    public override string ToString()
    {
        IEnumerable<string> lines = Cosigned.Select(one => SignatureLine(one.Name, [.. KeyId(one.PublicKey), .. Nanoseconds(one.At), .. LengthOf(one.PublicKey), .. one.PublicKey, .. one.Signature]));
        return $"{Text}\n{SignatureLine(Origin, [.. KeyId(PublicKey), .. Signature])}{string.Concat(lines)}";
    }

    /// <summary>Null for what is none. Lines that are not understood, as another program adds them, are passed over.</summary>
    public static Checkpoint? Parse(string note)
    {
        string[] lines = note.Replace("\r\n", "\n", StringComparison.Ordinal).Trim('\n').Split('\n');
        int blank = Array.IndexOf(lines, string.Empty);
        if (note.Length > MostLetters || blank != 5
            || !long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            || Base64(lines[2]) is not { Length: MerkleTree.HashBytes } root
            || !lines[3].StartsWith("time ", StringComparison.Ordinal) || !UtcInstant.TryParse(lines[3]["time ".Length..], out UtcInstant at)
            || !lines[4].StartsWith("signer ", StringComparison.Ordinal) || Base64(lines[4]["signer ".Length..]) is not { } publicKey
            || TextOf(size, root, at, publicKey) != string.Join('\n', lines[..blank]) + "\n")
        {
            return null;
        }

        byte[]? signature = null;
        var cosigned = new List<Cosignature>();
        foreach (string line in lines[(blank + 1)..].Where(line => line.StartsWith(SignatureMark, StringComparison.Ordinal)))
        {
            string[] words = line[SignatureMark.Length..].Split(' ');
            if (words.Length == 2 && Base64(words[1]) is { Length: > KeyIdBytes } blob)
            {
                signature = words[0] == lines[0] && signature is null ? blob[KeyIdBytes..] : signature;
                cosigned.AddRange(words[0] != lines[0] && CosignatureOf(words[0], blob.AsSpan(KeyIdBytes)) is { } by ? [by] : []);
            }
        }

        return signature is null ? null : new Checkpoint(size, root, at, publicKey, signature) { Cosigned = cosigned };
    }

    internal static byte[]? Base64(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int written) ? bytes[..written] : null;
    }

    private static string TextOf(long size, byte[] root, UtcInstant at, byte[] publicKey) => string.Create(
        CultureInfo.InvariantCulture,
        $"{CheckpointSigner.NameOf(publicKey)}\n{size}\n{Convert.ToBase64String(root)}\ntime {at}\nsigner {Convert.ToBase64String(publicKey)}\n");

    private string CosignedText(UtcInstant at) => string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {at.UnixNanoseconds}\n{Text}");

    private static string SignatureLine(string name, byte[] blob) => $"{SignatureMark}{name} {Convert.ToBase64String(blob)}\n";

    private static byte[] KeyId(byte[] publicKey) => SHA256.HashData(publicKey)[..KeyIdBytes];

    private static byte[] Nanoseconds(UtcInstant at)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.UnixNanoseconds);
        return bytes;
    }

    private static byte[] LengthOf(byte[] publicKey) => [(byte)(publicKey.Length >> 8), (byte)publicKey.Length];

    /// <summary>Null when the key is not the one of which the name is made.</summary>
    private static Cosignature? CosignatureOf(string name, ReadOnlySpan<byte> blob)
    {
        const int HeadBytes = sizeof(long) + sizeof(ushort);
        int length = blob.Length > HeadBytes ? BinaryPrimitives.ReadUInt16BigEndian(blob[sizeof(long)..]) : int.MaxValue;
        if (length >= blob.Length - HeadBytes)
        {
            return null;
        }

        byte[] key = blob.Slice(HeadBytes, length).ToArray();
        var at = new UtcInstant(BinaryPrimitives.ReadInt64BigEndian(blob));
        return CheckpointSigner.NameOf(key) == name ? new Cosignature(name, at, key, blob[(HeadBytes + length)..].ToArray()) : null;
    }
}

/// <summary>What is brought to a witness: a checkpoint, and the proof that it goes on from the one of <paramref name="OldSize"/> entries that the witness saw (C2SP tlog-witness, the body of add-checkpoint).</summary>
internal sealed record WitnessRequest(long OldSize, IReadOnlyList<byte[]> Proof, Checkpoint Checkpoint)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"old {OldSize}\n{string.Concat(Proof.Select(hash => Convert.ToBase64String(hash) + "\n"))}\n{Checkpoint}");

    /// <summary>Null for what is none; a checkpoint alone is a request without a proof.</summary>
    public static WitnessRequest? Parse(string text)
    {
        string[] lines = text.Length > Checkpoint.MostLetters ? [] : text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\n').Split('\n');
        if (lines is not [var first, ..] || !first.StartsWith("old ", StringComparison.Ordinal))
        {
            return Checkpoint.Parse(text) is { } alone ? new WitnessRequest(0, [], alone) : null;
        }

        int blank = Array.IndexOf(lines, string.Empty);
        byte[]?[] proof = blank < 0 ? [null] : [.. lines[1..blank].Select(Checkpoint.Base64)];
        return long.TryParse(first["old ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long old)
            && Array.TrueForAll(proof, hash => hash is { Length: MerkleTree.HashBytes }) && proof.Length <= MerkleTree.MostProof
            && Checkpoint.Parse(string.Join('\n', lines[(blank + 1)..])) is { } checkpoint
                ? new WitnessRequest(old, [.. proof.OfType<byte[]>()], checkpoint)
                : null;
    }
}
