using System.Buffers.Binary;
using Bedside.Model;

namespace Bedside.Identity.Studies;

/// <summary>
/// Names and shifts of one study (<c>trust.md</c>, sections 5.4 and 5.5). The key stays its owner's: when it is wiped, members throw <see cref="ObjectDisposedException"/>. May be called from any thread.
/// </summary>
public sealed class StudyNames(StudyKey key)
{
    /// <summary>Of a name: 130 bits.</summary>
    public const int Letters = 26;

    /// <summary>The least shift, in weeks: a century, so that nobody takes a date for a real one.</summary>
    public const int LeastWeeks = 5_200;

    /// <summary>Different shifts, in weeks.</summary>
    public const int Weeks = 2_600;

    private const long NanosecondsOfWeek = 7L * 24 * 3_600 * 1_000_000_000;
    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";
    private const int BitsOfDigit = 5;

    /// <summary>Name of a patient in this study: base32 (RFC 4648), lower case.</summary>
    public string Patient(PatientIdentity patient) => Base32(key.Hash("patient"u8, patient.Canonical.Span));

    /// <summary>Name of a stay in this study, of the same form.</summary>
    public string Stay(StayId stay)
    {
        Span<byte> id = stackalloc byte[StayId.Bytes];
        stay.Write(id);
        return Base32(key.Hash("stay"u8, id));
    }

    /// <summary>The first 8 bytes of the hash as a number, the most significant first, modulo <see cref="Weeks"/>, and the least shift: the same for all stays of a patient in this study.</summary>
    public int ShiftWeeks(PatientIdentity patient) => LeastWeeks + (int)(BinaryPrimitives.ReadUInt64BigEndian(key.Hash("shift"u8, patient.Canonical.Span)) % Weeks);

    /// <summary>To be added to the ward's wall time; weekday and time of day stay.</summary>
    public long ShiftNanoseconds(PatientIdentity patient) => ShiftWeeks(patient) * NanosecondsOfWeek;

    /// <summary>The first bits of a hash, five a letter.</summary>
    internal static string Base32(ReadOnlySpan<byte> hash)
    {
        Span<char> name = stackalloc char[Letters];
        for (int i = 0; i < name.Length; i++)
        {
            (int at, int bit) = Math.DivRem(i * BitsOfDigit, 8);
            int two = (hash[at] << 8) | hash[at + 1];
            name[i] = Digits[(two >> (16 - BitsOfDigit - bit)) & 31];
        }

        return new string(name);
    }
}

/// <summary>
/// The same number for a patient in every study of this box, to count and to compare cohorts with; it is never written into a package. Its key is derived from the box key (HKDF-SHA-256, purpose
/// <c>bedside study subjects</c>), so another box gives another number; or it is the unit's own, by which boxes tell each other who refuses, and nothing else.
/// </summary>
public sealed class SubjectKey : IDisposable
{
    private readonly StudyKey _key;

    public SubjectKey(Storage.Keys.BoxKey box)
    {
        byte[] derived = box.Derive("bedside study subjects"u8);
        _key = new StudyKey(derived);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(derived);
    }

    /// <summary>The unit's own: every box of it gives the same number.</summary>
    /// <param name="unit"><see cref="StudyKey.Bytes"/> bytes; they are copied.</param>
    public SubjectKey(ReadOnlySpan<byte> unit) => _key = new StudyKey(unit);

    public UInt128 Of(PatientIdentity patient) => BinaryPrimitives.ReadUInt128BigEndian(_key.Hash("subject"u8, patient.Canonical.Span));

    public void Dispose() => _key.Dispose();
}
