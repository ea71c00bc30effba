using System.Net;
using System.Security.Cryptography;
using Bedside.Host.Trust;
using Bedside.Tests.Storage.Keys;
using Microsoft.AspNetCore.Builder;

namespace Bedside.Tests.Trust;

/// <summary>A box joins by a code that serves once.</summary>
public class EnrolmentTests
{
    private const string Bed = "bed12.icu.home.arpa";

    [Fact]
    public async Task A_box_joins_by_a_code_and_the_same_code_serves_nobody_else()
    {
        UnitBench head = new UnitBench().Found();
        await using OpenDoor door = await OpenDoor.StartAsync(head);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        UnitMembership joined = await door.JoinAsync(key);
        var bed = new UnitBench(clock: head.Clock);
        bed.Desk.Join(joined, key);

        Assert.Equal((Bed, "ICU"), (bed.Files.ReadUnit()!.Host, bed.Files.ReadUnit()!.Name));
        Assert.NotNull(BoxCertificate.Open(bed.Files.ReadUnit()!, TestKeys.Box));
        Assert.Contains("used already", (await Assert.ThrowsAsync<UnitFaultException>(() => door.JoinAsync(key))).Message, StringComparison.Ordinal);
        Assert.Equal(2, head.Files.ReadAuthority()!.Issued.Count);
    }

    [Fact]
    public async Task A_code_is_void_after_15_minutes_whatever_the_clock_on_the_wall_says()
    {
        UnitBench head = new UnitBench().Found();
        await using OpenDoor door = await OpenDoor.StartAsync(head);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        head.Clock.Advance(EnrolmentDesk.Lifetime);
        Assert.Contains("older than 15 minutes", (await Assert.ThrowsAsync<UnitFaultException>(() => door.JoinAsync(key))).Message, StringComparison.Ordinal);
        Assert.Single(head.Files.ReadAuthority()!.Issued);
    }

    [Fact]
    public async Task Who_answers_in_the_place_of_the_head_is_told_nothing()
    {
        UnitBench head = new UnitBench().Found();
        UnitBench impostor = new UnitBench().Found();
        await using OpenDoor door = await OpenDoor.StartAsync(impostor);
        EnrolmentCode code = EnrolmentCode.Make(UnitBench.Head, door.Code.Port, head.HeadCertificate().Root) with { Secret = door.Code.Secret };
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Contains("not the head of the unit that made this code", (await Assert.ThrowsAsync<UnitFaultException>(() => HeadLine.JoinAsync(code, "127.0.0.1", key, head.Clock, CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.False(door.Desk.IsUsed);
    }

    [Fact]
    public async Task Nor_who_shows_the_right_root_and_a_certificate_of_another_unit()
    {
        UnitBench head = new UnitBench().Found();
        UnitBench impostor = new UnitBench().Found();
        await using OpenDoor door = await OpenDoor.StartAsync(impostor, root: head.Files.ReadUnit()!.Root);
        EnrolmentCode code = EnrolmentCode.Make(UnitBench.Head, door.Code.Port, head.HeadCertificate().Root) with { Secret = door.Code.Secret };
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Contains("not the head of this unit", (await Assert.ThrowsAsync<UnitFaultException>(() => HeadLine.JoinAsync(code, "127.0.0.1", key, head.Clock, CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.False(door.Desk.IsUsed);
    }

    [Fact]
    public async Task Five_wrong_codes_close_the_door_for_the_right_one_too()
    {
        UnitBench head = new UnitBench().Found();
        await using OpenDoor door = await OpenDoor.StartAsync(head);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        EnrolmentCode wrong = door.Code with { Secret = new string('0', 2 * EnrolmentCode.SecretBytes) };
        for (int i = 0; i < EnrolmentDesk.MostWrong; i++)
        {
            Assert.Contains("not the one", (await Assert.ThrowsAsync<UnitFaultException>(() => HeadLine.JoinAsync(wrong, "127.0.0.1", key, head.Clock, CancellationToken.None))).Message, StringComparison.Ordinal);
        }

        Assert.Contains("too many", (await Assert.ThrowsAsync<UnitFaultException>(() => door.JoinAsync(key))).Message, StringComparison.Ordinal);
        Assert.Single(head.Files.ReadAuthority()!.Issued);
    }

    [Fact]
    public void A_disk_that_fails_does_not_use_the_code_up()
    {
        var clock = new CertificateClock();
        int asked = 0;
        var desk = new EnrolmentDesk("aa", _ => asked++ == 0 ? throw new IOException("no") : new IssuedLeaf("b", "h", "c", "i"), clock);
        Assert.Throws<IOException>(() => desk.Try("aa", "r"));
        Assert.Equal(EnrolmentOutcome.Granted, desk.Try("AA", "r").Outcome);
        Assert.Equal(EnrolmentOutcome.Used, desk.Try("aa", "r").Outcome);
    }

    [Fact]
    public void Codes_are_read_as_they_were_written_and_nothing_else_is_one()
    {
        var code = EnrolmentCode.Make(UnitBench.Head, 8443, new UnitBench().Found().HeadCertificate().Root);
        Assert.Equal(code, EnrolmentCode.Parse(code.ToString()));
        Assert.Equal(code, EnrolmentCode.Parse($"  {code.ToString().ToUpperInvariant().Insert(40, "\n")}\r\n"));
        var random = new Random(11);
        for (int i = 0; i < 2000; i++)
        {
            char[] letters = code.ToString().ToCharArray();
            letters[random.Next(letters.Length)] = (char)random.Next(0x20, 0x300);
            string text = new(letters);
            if (EnrolmentCode.Parse(text) is { } read)
            {
                Assert.Equal(string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))).ToLowerInvariant(), read.ToString());
            }
        }

        Assert.All((string[])["", "bedside:join:1:", "bedside:join:2:h:1:aa:bb", code.ToString()[..^1], code + "0", code.ToString().Replace(":8443:", ":70000:", StringComparison.Ordinal)], text => Assert.Null(EnrolmentCode.Parse(text)));
    }

    /// <summary>The door of a head on a port of its own.</summary>
    private sealed class OpenDoor(WebApplication app, EnrolmentCode code, EnrolmentDesk desk, CertificateClock clock) : IAsyncDisposable
    {
        public EnrolmentCode Code { get; } = code;

        public EnrolmentDesk Desk { get; } = desk;

        /// <summary>Waits for one box.</summary>
        /// <param name="root">What it says that its root is; null = the truth.</param>
        public static async Task<OpenDoor> StartAsync(UnitBench head, string? root = null)
        {
            BoxCertificate certificate = head.HeadCertificate();
            var code = EnrolmentCode.Make(UnitBench.Head, 1, certificate.Root);
            var desk = new EnrolmentDesk(code.Secret, request => head.Desk.IssueFor(request, Bed, known: null), head.Clock);
            BoxCertificate shown = root is null ? certificate : BoxCertificate.Open(certificate.Unit with { Root = root }, TestKeys.Box)!;
            WebApplication app = EnrolmentDoor.Build(new IPEndPoint(IPAddress.Loopback, 0), shown, desk);
            await app.StartAsync();
            return new OpenDoor(app, code with { Port = new Uri(app.Urls.Single()).Port }, desk, head.Clock);
        }

        public Task<UnitMembership> JoinAsync(ECDsa key) => HeadLine.JoinAsync(Code, "127.0.0.1", key, clock, CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
