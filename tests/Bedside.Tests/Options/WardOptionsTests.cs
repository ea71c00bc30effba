using System.CommandLine;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Viewer.Ward;

namespace Bedside.Tests.Options;

/// <summary>What a site may say of its ward, and what is refused with the remedy.</summary>
public sealed class WardOptionsTests
{
    [Theory]
    [InlineData("7=http://127.0.0.1:9007")]
    [InlineData("7=http://localhost:9007/")]
    [InlineData("A 12=http://[::1]:9007")]
    [InlineData("7=http://127.0.0.2")]
    [InlineData("7=https://bed7.icu.home.arpa:8443")]
    public void An_address_on_this_machine_is_taken(string peer) => Assert.Single(Read("--ward-peer", peer).Peers);

    [Theory]
    [InlineData("7=http://192.168.1.20:8080", "another machine")]
    [InlineData("7=http://box7.ward.example:8080", "another machine")]
    [InlineData("7=http://localhost.evil.example", "another machine")]
    [InlineData("7=https://127.0.0.1:9007", "is no address of a box")]
    [InlineData("7=http://127.0.0.1:9007/api", "is no address of a box")]
    [InlineData("7=http://user@127.0.0.1:9007", "is no address of a box")]
    [InlineData("http://127.0.0.1:9007", "names no bed")]
    [InlineData("=http://127.0.0.1:9007", "names no bed")]
    [InlineData("a/b=http://127.0.0.1:9007", "name of its bed")]
    public void Anything_else_is_refused_with_the_reason(string peer, string reason) =>
        Assert.Contains(reason, Assert.Throws<CommandFailedException>(() => Read("--ward-peer", peer)).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_machine_is_refused_with_the_tunnel_that_would_do() =>
        Assert.Contains("ssh -N -L 9007:127.0.0.1:8080 10.1.2.3", Assert.Throws<CommandFailedException>(() => Read("--ward-peer", "7=http://10.1.2.3:8080")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_bed_has_one_box() =>
        Assert.Contains("named twice", Assert.Throws<CommandFailedException>(() => Read("--ward-peer", "7=http://127.0.0.1:1", "--ward-peer", "7=http://127.0.0.1:2")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_approval_without_a_name_is_none(string name) =>
        Assert.Contains("approve", Assert.Throws<CommandFailedException>(() => Read("--ward-approved-by", name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_says_the_same()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, """{"bed":"3","ward":{"name":"ICU","peers":[{"bed":"7","address":"http://127.0.0.1:9007"}],"approvedBy":"A Person","ownBed":false}}""");
        WardPageOptions page = BedOptions.Read(path).WardPage.ToPage(() => null, _ => null);
        File.WriteAllText(path, """{"ward":{"peers":[{"bed":"7","address":"http://10.0.0.7:8080"}]}}""");
        Assert.Contains("another machine", Assert.Throws<CommandFailedException>(() => BedOptions.Read(path)).Message, StringComparison.Ordinal);
        File.Delete(path);

        Assert.Equal([new WardPeerAddress("7", new Uri("http://127.0.0.1:9007"))], page.Peers);
        Assert.Equal(("A Person", false), (page.ApprovedBy, page.HasOwnBed));
    }

    private static WardOptions Read(params string[] arguments)
    {
        var command = new Command("run");
        var ward = new WardArguments();
        ward.AddTo(command);
        var options = new WardOptions();
        ward.Read(command.Parse(arguments), options);
        return options;
    }
}
