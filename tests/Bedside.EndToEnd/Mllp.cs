using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bedside.EndToEnd;

/// <summary>A gateway of this test: PCD-01 messages over MLLP, written without the product's code.</summary>
internal static class Mllp
{
    private const byte Begin = 0x0B;
    private const byte End = 0x1C;
    private const byte Return = 0x0D;

    /// <summary>One message: rows of number, name, value and unit (MDC) at one instant.</summary>
    public static string Message(int number, DateTimeOffset time, params (uint Code, string Name, string Value, string Unit)[] rows)
    {
        string stamp = time.UtcDateTime.ToString("yyyyMMddHHmmss'+0000'", CultureInfo.InvariantCulture);
        var text = new StringBuilder($"MSH|^~\\&|GATEWAY|WARD|||{stamp}||ORU^R01^ORU_R01|{number}|P|2.6|||AL|NE||UNICODE UTF-8\r");
        text.Append(CultureInfo.InvariantCulture, $"PV1||I|ICU^^5^H\rOBR|1|a|b|182777000^monitoring of patient^SCT|||{stamp}\r");
        for (int i = 0; i < rows.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"OBX|{i + 1}|NM|{rows[i].Code}^{rows[i].Name}^MDC|1.1.1.{rows[i].Code}|{rows[i].Value}|{rows[i].Unit}^^UCUM|||||R|||{stamp}\r");
        }

        return text.ToString();
    }

    /// <summary>MSA-1 of the answer to one message on a connection of its own.</summary>
    public static async Task<string> AskAsync(IPEndPoint to, string message)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(to);
        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(new[] { Begin }.Concat(Encoding.ASCII.GetBytes(message)).Concat([End, Return]).ToArray());
        var answer = new StringBuilder();
        byte[] one = new byte[1];
        while (one[0] != End && await stream.ReadAsync(one) == 1)
        {
            answer.Append((char)one[0]);
        }

        return answer.ToString().Split("\rMSA|")[^1].Split('|', '\r')[0];
    }

    /// <summary>Sends messages over one connection, each after the answer to the former, until <paramref name="stop"/>; returns how many were taken.</summary>
    public static async Task<int> SendAsync(IPEndPoint to, IEnumerable<string> messages, CancellationToken stop)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(to, CancellationToken.None);
        NetworkStream stream = socket.GetStream();
        byte[] answer = new byte[4096];
        int taken = 0;
        foreach (string message in messages)
        {
            if (stop.IsCancellationRequested)
            {
                break;
            }

            await stream.WriteAsync(new byte[] { Begin }.Concat(Encoding.UTF8.GetBytes(message)).Concat([End, Return]).ToArray(), CancellationToken.None);
            int length = 0;
            while (length < 2 || answer[length - 2] != End)
            {
                int read = await stream.ReadAsync(answer.AsMemory(length), CancellationToken.None);
                Assert.True(read > 0, "the box closed the connection");
                length += read;
            }

            Assert.Contains("MSA|CA", Encoding.UTF8.GetString(answer, 0, length), StringComparison.Ordinal);
            taken++;
        }

        return taken;
    }
}
