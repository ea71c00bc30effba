using System.Net;
using System.Text;
using Bedside.Ingest.Hl7;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>Row 7 of the checklist, the other way round: servers of others take what our side sends, and we read their answers. What they send to the box is in the end-to-end tests.</summary>
public class InteropTests
{
    [Theory]
    [InlineData("node-hl7")]
    [InlineData("simple-hl7")]
    [InlineData("medplum")]
    public async Task Row7ServersOfOthersTakeWhatWeSend(string peer)
    {
        await using PeerProcess server = await PeerProcess.NodeAsync("hl7/serve.mjs", peer);
        await SendAsync(server, onceAConnection: peer == "node-hl7");
    }

    [PythonHl7Fact]
    public async Task Row7TheAsyncServerOfPythonHl7TakesWhatWeSend()
    {
        await using var server = PeerProcess.Python("hl7/serve.py");
        await SendAsync(server);
    }

    /// <summary>Sends three messages and compares what both sides say of them.</summary>
    /// <param name="server">Which prints where it serves, and what it heard.</param>
    /// <param name="onceAConnection">It hears the messages before once more with each that follows on one connection.</param>
    private static async Task SendAsync(PeerProcess server, bool onceAConnection = false)
    {
        var place = new IPEndPoint(IPAddress.Loopback, int.Parse(await server.LineAsync("ready "), System.Globalization.CultureInfo.InvariantCulture));
        MllpClient client = await CallAsync(place);
        for (int i = 0; i < 3; i++)
        {
            if (onceAConnection)
            {
                await client.DisposeAsync();
                client = await CallAsync(place);
            }

            string message = (Said.Header + Said.Place + Said.Request + Said.HeartRate).Replace("|77|", $"|ours{i}|", StringComparison.Ordinal).Replace("|||AL|NE|", "|||||", StringComparison.Ordinal);
            Hl7Message answer = await client.SendAsync(Encoding.UTF8.GetBytes(message), CancellationToken.None);
            Assert.Null(answer.Rejection);
            Assert.Equal(("ACK", "AA", $"ours{i}"), (answer.Kind.Type, answer.First("MSA"u8).Field(1).Text, answer.First("MSA"u8).Field(2).Text));
            Assert.Equal($"ours{i}", await server.LineAsync("heard "));
        }

        await client.DisposeAsync();
    }

    private static Task<MllpClient> CallAsync(IPEndPoint place) => MllpClient.ConnectAsync(place, tls: null, TimeProvider.System, TimeSpan.FromSeconds(20), CancellationToken.None);
}
