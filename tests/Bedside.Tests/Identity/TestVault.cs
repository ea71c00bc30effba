using System.Buffers.Binary;
using System.Security.Cryptography;
using Bedside.Identity;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage.Keys;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Identity;

/// <summary>Vaults on a disk in memory, with keys and randomness that can be had again.</summary>
internal static class TestVault
{
    public const string File = "identities";

    public static readonly UtcInstant Now = new(1_800_000_000_000_000_000);

    public static BoxKey Key(byte last = 32) => new([.. Enumerable.Range(1, 31).Select(i => (byte)i), last]);

    public static IdentityVault Open(FaultyDisk disk, byte key = 32, int seed = 1)
    {
        var counter = new Counter(seed);
        return IdentityVault.Open(disk, Key(key), counter.Fill);
    }

    public static PersonNumber Number(string number, string authority = "HOSP", string type = "MR") => new(number, authority, type);

    /// <summary>A person of the bed, kept and saved.</summary>
    public static PersonToken Admit(IdentityVault vault, string number, string family, string given = "GIVEN")
    {
        PersonToken person = Keep(vault, number, family, given);
        vault.Save();
        return person;
    }

    public static PersonToken Keep(IdentityVault vault, string number, string family, string given = "GIVEN")
    {
        vault.HearAuthority(Number(number));
        PersonToken person = vault.TokenOf(Number(number));
        vault.Keep(person, new PersonFacts { Numbers = [Number(number)], Family = family, Given = given, BirthDate = "1950-02-03", Sex = "F" }, Now);
        vault.KeepVisit(vault.VisitOf("visit", Number($"V{number}", type: "VN")), person, Now);
        return person;
    }

    public static StayEvent Event(IdentityVault vault, string person, string visit, long hoursAgo = 0, StayEventKind kind = StayEventKind.Admit) => new()
    {
        Kind = kind,
        Source = StaySource.Admissions,
        Arrived = Now.Add(-hoursAgo * 3_600_000_000_000),
        Happened = Now,
        Person = vault.TokenOf(Number(person)),
        Visit = visit.Length == 0 ? default : vault.VisitOf("visit", Number(visit, type: "VN")),
        Place = Place.Elsewhere,
        PlaceMark = vault.PlaceMark("ICU^^9"),
        Content = vault.ContentOf(System.Text.Encoding.ASCII.GetBytes($"{person} {visit} {hoursAgo} {kind}"), 0),
    };

    /// <summary>Bytes that look random and are the same from the same seed.</summary>
    internal sealed class Counter(int seed)
    {
        private int _next;

        public void Fill(Span<byte> bytes)
        {
            Span<byte> from = stackalloc byte[8];
            BinaryPrimitives.WriteInt32LittleEndian(from, seed);
            BinaryPrimitives.WriteInt32LittleEndian(from[4..], _next++);
            SHA256.HashData(from).AsSpan(0, bytes.Length).CopyTo(bytes);
        }
    }
}
