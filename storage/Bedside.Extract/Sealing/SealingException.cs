namespace Bedside.Extract.Sealing;

/// <summary>A key, an encrypted file, a tar or a bag is not what it must be. The message is one plain sentence without a full stop; disks' errors stay their own.</summary>
public sealed class SealingException(string sentence) : Exception(sentence);
