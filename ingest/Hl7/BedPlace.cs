namespace Bedside.Ingest.Hl7;

/// <summary>
/// Which PV1-3 is this box's bed, as the site writes it: the bed alone (<c>5</c>), which is compared with the bed component (or its first sub-component), or components with
/// carets (<c>ICU^^5</c>), of which those that are not empty must agree. Upper and lower case are the same.
/// </summary>
public sealed record BedPlace
{
    private const int Bed = 3;
    private const int MostComponents = 11;

    private readonly string[] _components;

    private BedPlace(string[] components) => _components = components;

    /// <summary>Null when nothing is said of any component, or of more than there are.</summary>
    public static BedPlace? Parse(string text)
    {
        string[] parts = text.Split('^', StringSplitOptions.TrimEntries);
        if (parts.Length > MostComponents || parts.All(part => part.Length == 0))
        {
            return null;
        }

        return new BedPlace(parts.Length == 1 ? [string.Empty, string.Empty, parts[0]] : parts);
    }

    public bool Is(Hl7Value place)
    {
        for (int i = 0; i < _components.Length; i++)
        {
            if (_components[i].Length > 0 && !Agrees(place.Component(i + 1), _components[i], isBed: i + 1 == Bed))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => string.Join('^', _components);

    private static bool Agrees(Hl7Value component, string wanted, bool isBed) =>
        string.Equals(component.Text, wanted, StringComparison.OrdinalIgnoreCase)
        || (isBed && string.Equals(component.Sub(1).Text, wanted, StringComparison.OrdinalIgnoreCase));
}
