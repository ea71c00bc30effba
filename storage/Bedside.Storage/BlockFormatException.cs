namespace Bedside.Storage;

/// <summary>Bytes are not a block of FORMAT.md. The message says in one sentence what is wrong with them.</summary>
public sealed class BlockFormatException(string message, Exception? inner = null) : FormatException(message, inner);
