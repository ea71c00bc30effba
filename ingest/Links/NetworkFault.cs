using System.Net;
using System.Net.Sockets;

namespace Bedside.Ingest.Links;

/// <summary>What went wrong on the network, as a sentence with a remedy.</summary>
internal static class NetworkFault
{
    public static IOException OfBinding(IPEndPoint local, SocketException why) => new(
        why.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"Port {local.Port} is in use by another program. Stop that program.",
            SocketError.AccessDenied => $"Port {local.Port} may not be opened by this user. Choose one above 1023.",
            SocketError.AddressNotAvailable => $"{local.Address} is not an address of this machine. Check the network cable and the address.",
            _ => $"Port {local.Port} cannot be opened: {why.Message}.",
        },
        why);

    public static IOException OfLosing(IPEndPoint? device, SocketException why)
    {
        string who = device?.ToString() ?? "the device";
        return new IOException(
            why.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => $"{who} refuses the connection. Check that its output is switched on.",
                SocketError.ConnectionReset => $"{who} ended the connection.",
                SocketError.TimedOut => $"{who} does not answer. Check the network cable and the address.",
                SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown =>
                    $"There is no way to {who}. Check the network cable and the address.",
                _ => $"The connection to {who} is lost: {why.Message}.",
            },
            why);
    }
}
