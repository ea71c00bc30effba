namespace Bedside.Host.Commands;

/// <summary>The command cannot do what was asked; the message is one plain sentence with the remedy. Exit code 1.</summary>
internal sealed class CommandFailedException(string sentence) : Exception(sentence);
