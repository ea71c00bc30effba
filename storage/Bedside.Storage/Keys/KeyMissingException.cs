namespace Bedside.Storage.Keys;

/// <summary>
/// Bytes are whole but cannot be read: the key of their stay is not there, was made with another box key, or was
/// destroyed on purpose. The message says which in one sentence. Nobody sets such a file aside: its key may come back.
/// </summary>
public sealed class KeyMissingException(string message) : IOException(message);
