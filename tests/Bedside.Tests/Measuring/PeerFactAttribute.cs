using Bedside.Host.Measuring.Peers;

namespace Bedside.Tests.Measuring;

/// <summary>A test with a real server, skipped where that is not installed.</summary>
internal sealed class PeerFactAttribute : FactAttribute
{
    public PeerFactAttribute(string program)
    {
        Program = program;
        IPeer peer = PeerBench.Known.First(peer => peer.Program == program);
        if (PeerBench.Find(peer) is null)
        {
            Skip = PeerBench.Remedy(peer);
        }
    }

    public string Program { get; }
}
