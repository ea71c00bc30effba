using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bedside.Host.Commands;

namespace Bedside.Host.Options;

/// <summary>Where the screen is offered over TLS (<c>--listen HOST:PORT</c>): an address of this machine, or <c>*</c> for all of them.</summary>
internal static class ListenPlace
{
    /// <summary>Throws <see cref="CommandFailedException"/> with the remedy when it is no place.</summary>
    public static IPEndPoint Parse(string text, string source)
    {
        int colon = text.LastIndexOf(':');
        string host = colon > 0 ? text[..colon].Trim('[', ']') : string.Empty;
        if (host.Length == 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue || AddressOf(host) is not { } address)
        {
            throw new CommandFailedException($"{source}: {text} is no address and port of this machine; write it as 127.0.0.1:8443, 192.0.2.7:8443, or *:8443 for all its addresses.");
        }

        return new IPEndPoint(address, port);
    }

    /// <summary>Why nothing listens there now; null = it can. A box never ends for it: what cannot be opened is left out, and said.</summary>
    /// <param name="hasAccounts">Whether a person can sign in.</param>
    public static string? Refusal(IPEndPoint at, bool hasAccounts)
    {
        if (!IPAddress.IsLoopback(at.Address) && !hasAccounts)
        {
            return $"{at} can be reached from other machines, and this box has no account yet: anybody there could see this bed. It is not listened on; make the first account, then start again. Until then 127.0.0.1 can be listened on.";
        }

        try
        {
            // As the web server will: *, an IPv6 address, is of both families.
            using var trial = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (at.Address.Equals(IPAddress.IPv6Any))
            {
                trial.DualMode = true;
            }

            trial.Bind(at);
            trial.Listen();
            return null;
        }
        catch (SocketException failed)
        {
            return $"{at} cannot be listened on: {failed.Message}. The box goes on without it; mend that, then start again.";
        }
    }

    private static IPAddress? AddressOf(string host) => host switch
    {
        "*" => IPAddress.IPv6Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(host, out IPAddress? address) ? address : null,
    };
}
