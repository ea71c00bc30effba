using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Host.Trust;

/// <summary>What a box knows of its unit and of itself in it; certificates are PEM. All but the key may be read by anybody.</summary>
internal sealed record UnitMembership
{
    public int Version { get; init; } = UnitFiles.FormatVersion;

    /// <summary>Of the unit, as people say it.</summary>
    public required string Name { get; init; }

    /// <summary>Under which all its boxes have their names.</summary>
    public required string Zone { get; init; }

    /// <summary>Name of this box for programs, 32 hexadecimal digits; it holds over renewals.</summary>
    public required string Box { get; init; }

    /// <summary>Host name of this box.</summary>
    public required string Host { get; init; }

    /// <summary>Where the unit head answers, <c>HOST:PORT</c>.</summary>
    public required string Head { get; init; }

    /// <summary>Address at which the head is dialled; empty = its name is resolved.</summary>
    public string HeadAddress { get; init; } = string.Empty;

    public required string Root { get; init; }

    public required string Issuer { get; init; }

    public required string Certificate { get; init; }

    /// <summary>Key of the certificate (<see cref="SealedKey"/>).</summary>
    public required string Key { get; init; }
}

/// <summary>What only the unit head has: the key that issues, and what it issued.</summary>
internal sealed record AuthorityBook
{
    public int Version { get; init; } = UnitFiles.FormatVersion;

    public required string Issuer { get; init; }

    /// <summary>Key of the issuer (<see cref="SealedKey"/>).</summary>
    public required string Key { get; init; }

    /// <summary>The newest of each box, in the order in which boxes joined.</summary>
    public IReadOnlyList<IssuedCertificate> Issued { get; init; } = [];

    /// <summary>Boxes that were taken out, in that order.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
}

/// <summary>A certificate that the head gave out.</summary>
/// <param name="Box">Name of the box for programs.</param>
/// <param name="NotAfterNs">End of the certificate, nanoseconds since 1970.</param>
internal sealed record IssuedCertificate(string Box, string Host, string Serial, long NotAfterNs);

/// <summary>The files <c>unit</c>, <c>unit-authority</c>, <c>unit-removed</c> and <c>unit-wishes</c> in the data folder (FORMAT.md, sections 4 to 7): each is written anew as a whole, twice over, and a crash leaves the former or the new one.</summary>
internal sealed class UnitFiles(IDisk disk)
{
    public const string Unit = "unit";
    public const string Authority = "unit-authority";
    public const string Removals = "unit-removed";
    public const string Wishes = "unit-wishes";
    public const int FormatVersion = 1;

    /// <summary>Boxes of one unit.</summary>
    public const int MostBoxes = 1024;

    /// <summary>Null = this box is in no unit. Throws <see cref="UnitFaultException"/> when there is a file that cannot be read, and the disk's errors.</summary>
    public UnitMembership? ReadUnit()
    {
        UnitMembership? unit = Read(Unit, UnitJson.Default.UnitMembership);
        return unit is null || (unit.Version == FormatVersion && IsCertificate(unit.Root) && IsCertificate(unit.Issuer) && IsCertificate(unit.Certificate)) ? unit : throw Unreadable(Unit);
    }

    /// <summary>Null = this box is no unit head. Throws as <see cref="ReadUnit"/>.</summary>
    public AuthorityBook? ReadAuthority()
    {
        AuthorityBook? book = Read(Authority, UnitJson.Default.AuthorityBook);
        return book is null || (book.Version == FormatVersion && IsCertificate(book.Issuer)) ? book : throw Unreadable(Authority);
    }

    /// <summary>What the head said last of removed boxes; null = nothing, or it cannot be read. Throws the disk's errors.</summary>
    public SignedRemovals? ReadRemovals()
    {
        try
        {
            return Read(Removals, UnitJson.Default.SignedRemovals);
        }
        catch (UnitFaultException)
        {
            return null;
        }
    }

    /// <summary>What boxes said of refusals, sealed; null = there is none. Throws <see cref="UnitFaultException"/> when neither copy is whole, and the disk's errors.</summary>
    public string? ReadWishes()
    {
        (string? text, Storage.Damage? damage) = TwinFile.Read(disk, Wishes);
        return text is null && damage is not null ? throw new UnitFaultException("the file unit-wishes cannot be read: delete it, and every box says it anew.") : text;
    }

    /// <summary>Durable when it returns.</summary>
    public void WriteWishes(string text) => TwinFile.Write(disk, Wishes, text);

    /// <summary>Likewise durable.</summary>
    public void Write(SignedRemovals removals) => TwinFile.Write(disk, Removals, JsonSerializer.Serialize(removals, UnitJson.Default.SignedRemovals));

    /// <summary>Durable when it returns. Throws the disk's errors: the file is then the former or the new one.</summary>
    public void Write(UnitMembership unit) => TwinFile.Write(disk, Unit, JsonSerializer.Serialize(unit, UnitJson.Default.UnitMembership));

    /// <summary>Likewise.</summary>
    public void Write(AuthorityBook book) => TwinFile.Write(disk, Authority, JsonSerializer.Serialize(book, UnitJson.Default.AuthorityBook));

    /// <summary>Takes a box out of the head's book, once the journal of access has it. Throws <see cref="UnitFaultException"/> when it is not in it, and the disk's errors.</summary>
    public void Remove(string host, UnitTrail trail)
    {
        AuthorityBook book = ReadAuthority() ?? throw new UnitFaultException("this box is not the unit head; say it on the head.");
        if (ReadUnit()?.Host == host)
        {
            throw new UnitFaultException($"{host} is the unit head itself.");
        }

        if (!book.Issued.Any(issued => issued.Host == host))
        {
            throw new UnitFaultException($"there is no box {host} in the unit; bedside unit status lists those there are.");
        }

        AuthorityBook rest = book with
        {
            Issued = [.. book.Issued.Where(issued => issued.Host != host)],
            Removed = [.. book.Removed, .. book.Issued.Where(issued => issued.Host == host).Select(issued => issued.Box)],
        };
        AuditEntry kept = trail.Keep(AuditAct.CertificateRevoke, "box", host, AuditFact.Of(AuditFactKind.Number, rest.Removed.Count));
        try
        {
            Write(rest);
        }
        catch
        {
            trail.End(kept, isDone: false);
            throw;
        }
    }

    private T? Read<T>(string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        (string? text, Storage.Damage? damage) = TwinFile.Read(disk, name);
        if (text is null)
        {
            return damage is null ? null : throw Unreadable(name);
        }

        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw Unreadable(name);
        }
        catch (JsonException)
        {
            throw Unreadable(name);
        }
    }

    private static UnitFaultException Unreadable(string name) => new(name == Unit
        ? "the file unit in the data folder cannot be read: delete it and let the box join again, with a new code of the unit head."
        : "the file unit-authority in the data folder cannot be read: bring it back from a copy, or make the issuer anew with bedside unit reissue --root-key FILE.");

    private static bool IsCertificate(string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>What cannot be done with the unit, as one sentence with the remedy.</summary>
internal sealed class UnitFaultException(string message) : Exception(message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UnitMembership))]
[JsonSerializable(typeof(AuthorityBook))]
[JsonSerializable(typeof(SignedRemovals))]
internal sealed partial class UnitJson : JsonSerializerContext;
