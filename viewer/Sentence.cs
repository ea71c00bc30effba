namespace Bedside.Viewer;

/// <summary>The same words in both languages of the screen.</summary>
internal sealed record Sentence(string Fr, string En);
