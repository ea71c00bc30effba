namespace Bedside.Viewer;

/// <summary>The same words in both languages of the screen.</summary>
public sealed record Sentence(string Fr, string En);
