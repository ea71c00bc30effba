namespace Bedside.Storage;

/// <summary>The store is in use by another process. The message names it.</summary>
public sealed class StoreLockedException(string message) : IOException(message);
