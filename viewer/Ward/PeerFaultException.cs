namespace Bedside.Viewer.Ward;

/// <summary>What another box sent is not of its protocol. The message says in one sentence what is wrong.</summary>
public sealed class PeerFaultException(string message, Exception? inner = null) : Exception(message, inner);
