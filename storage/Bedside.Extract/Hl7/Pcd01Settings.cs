namespace Bedside.Extract.Hl7;

/// <summary>What a message says of its sender.</summary>
/// <param name="Box">Name of the box, or its EUI-64 where it has one.</param>
/// <param name="Bed">PV1-3: <c>5</c> or components such as <c>ICU^^5</c>.</param>
public sealed record Pcd01Settings(string Box, string Bed)
{
    private const int HexOfEui = 16;

    /// <summary>Only what has the form of an EUI-64 is called one; any other name is a local one.</summary>
    public string UniversalType => Box.Length == HexOfEui && Box.All(char.IsAsciiHexDigit) ? "EUI-64" : "L";
}
