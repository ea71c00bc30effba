namespace Bedside.Viewer.Rights;

/// <summary>Marks an endpoint that other boxes ask, no person: it looks at their certificate itself, and is not in <see cref="RightsTable"/>.</summary>
public sealed class ForBoxes;
