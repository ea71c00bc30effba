using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Identity;

/// <summary>What the vault holds of one person of this bed.</summary>
internal sealed record PersonRecord(IReadOnlyList<PersonNumber> Numbers, string Family, string Given, string BirthDate, string Sex, UtcInstant FirstHeard, UtcInstant LastHeard);

/// <summary>A visit that touched this bed, and whose it is.</summary>
internal sealed record VisitRecord(PersonToken Person, UtcInstant LastHeard);

/// <summary>The vault's tables in memory, and as records. FORMAT.md, section 3.</summary>
internal sealed class VaultContent
{
    private const byte KeyKind = 1;
    private const byte PersonKind = 2;
    private const byte MergedKind = 3;
    private const byte VisitKind = 4;
    private const byte MonitorKind = 5;
    private const byte AuthorityKind = 6;
    private const byte WaitingKind = 7;

    public byte[] TokenKey { get; private set; } = [];

    public Dictionary<PersonToken, PersonRecord> Persons { get; } = [];

    /// <summary>Old person to the one who stays.</summary>
    public Dictionary<PersonToken, PersonToken> Merged { get; } = [];

    public Dictionary<VisitToken, VisitRecord> Visits { get; } = [];

    public Dictionary<string, NamedOnDevice> Monitors { get; } = new(StringComparer.Ordinal);

    /// <summary>Authorities and types of numbers that were heard of, so that a number alone can be looked up under each.</summary>
    public List<(string Authority, string Type)> Authorities { get; } = [];

    /// <summary>Events of visits that have not touched this bed, oldest first.</summary>
    public List<StayEvent> Waiting { get; } = [];

    public void Begin(byte[] tokenKey) => TokenKey = tokenKey;

    /// <summary>Everything, a record each; the key first.</summary>
    public IReadOnlyList<byte[]> ToRecords() =>
    [
        [KeyKind, .. TokenKey],
        .. Persons.Select(pair => OfPerson(pair.Key, pair.Value)),
        .. Merged.Select(pair => new FieldWriter().Byte(MergedKind).Wide(pair.Key.Value).Wide(pair.Value.Value).ToBytes()),
        .. Visits.Select(pair => new FieldWriter().Byte(VisitKind).Wide(pair.Key.Value).Wide(pair.Value.Person.Value).Time(pair.Value.LastHeard).ToBytes()),
        .. Monitors.Select(pair => new FieldWriter().Byte(MonitorKind).Text(pair.Key).Wide(pair.Value.Person.Value).Wide(pair.Value.Digest).Text(pair.Value.Number).ToBytes()),
        .. Authorities.Select(pair => new FieldWriter().Byte(AuthorityKind).Text(pair.Authority).Text(pair.Type).ToBytes()),
        .. Waiting.Select(OfWaiting),
    ];

    public static byte[] OfWaiting(StayEvent said)
    {
        FieldWriter fields = new FieldWriter().Byte(WaitingKind);
        WaitingEvent.Write(fields, said);
        return fields.ToBytes();
    }

    /// <summary>False for a record that is not understood; kinds of later builds are left alone.</summary>
    public bool TryAdd(ReadOnlySpan<byte> record)
    {
        var fields = new FieldReader(record);
        switch (fields.Byte())
        {
            case KeyKind:
                TokenKey = fields.Take(Identity.TokenKey.Bytes).ToArray();
                break;
            case PersonKind:
                (PersonToken person, PersonRecord known) = ReadPerson(ref fields);
                Persons[person] = known;
                break;
            case MergedKind:
                var old = new PersonToken(fields.Wide());
                Merged[old] = new PersonToken(fields.Wide());
                break;
            case VisitKind:
                var visit = new VisitToken(fields.Wide());
                Visits[visit] = new VisitRecord(new PersonToken(fields.Wide()), fields.Time() ?? default);
                break;
            case MonitorKind:
                string device = fields.Text();
                Monitors[device] = new NamedOnDevice(new PersonToken(fields.Wide()), fields.Wide(), fields.Text());
                break;
            case AuthorityKind:
                Authorities.Add((fields.Text(), fields.Text()));
                break;
            case WaitingKind:
                Waiting.Add(WaitingEvent.Read(ref fields));
                break;
        }

        return !fields.Failed;
    }

    private static byte[] OfPerson(PersonToken person, PersonRecord known)
    {
        FieldWriter fields = new FieldWriter().Byte(PersonKind).Wide(person.Value).Time(known.FirstHeard).Time(known.LastHeard)
            .Text(known.Family).Text(known.Given).Text(known.BirthDate).Text(known.Sex).Byte((byte)known.Numbers.Count);
        foreach (PersonNumber number in known.Numbers)
        {
            fields.Text(number.Number).Text(number.Authority).Text(number.Type);
        }

        return fields.ToBytes();
    }

    private static (PersonToken Person, PersonRecord Record) ReadPerson(ref FieldReader fields)
    {
        var person = new PersonToken(fields.Wide());
        (UtcInstant? first, UtcInstant? last) = (fields.Time(), fields.Time());
        (string family, string given, string birth, string sex) = (fields.Text(), fields.Text(), fields.Text(), fields.Text());
        var numbers = new PersonNumber[fields.Byte()];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = new PersonNumber(fields.Text(), fields.Text(), fields.Text());
        }

        return (person, new PersonRecord(numbers, family, given, birth, sex, first ?? default, last ?? default));
    }
}
