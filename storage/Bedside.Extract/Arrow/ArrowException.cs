namespace Bedside.Extract.Arrow;

/// <summary>Bytes are not Arrow IPC, are damaged, or use what is outside of the subset that ARROW.md names. The only thing that reading them throws.</summary>
public sealed class ArrowException(string message) : Exception(message);
