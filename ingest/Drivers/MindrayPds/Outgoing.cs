using System.Text;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>The two messages that the driver may send: that it is there, and what it would like to have. Neither changes a setting of the monitor.</summary>
internal static class Outgoing
{
    /// <summary>The sheet states a limit of four numbers in one list.</summary>
    private const int MostPerList = 4;

    private const int Parameters = 1;
    private const int Waves = 2;
    private const int PhysiologicalAlarms = 3;
    private const int TechnicalAlarms = 4;

    public static byte[] KeepAlive { get; } = Frame.Write("MSH|^~\\&|||||||ORU^R01|106|P|2.3.1|\r");

    /// <summary>Everything that is known, number by number, each second: "send all" is not understood by every firmware. The time of the query says nothing and is always the same.</summary>
    public static byte[] Query { get; } = Frame.Write(QueryText());

    public static IReadOnlyList<AllowedMessage> All { get; } =
    [
        new("keep-alive", KeepAlive),
        new("query of all parameters, waves and alarms", Query),
    ];

    private static string QueryText()
    {
        var text = new StringBuilder("MSH|^~\\&|||||||QRY^R02|1203|P|2.3.1\rQRD|20060101000000|R|I|Q895211|||||RES\r");
        foreach (int[] list in MindrayNomenclature.ParameterNumbers.Chunk(MostPerList))
        {
            Append(text, Parameters, list);
        }

        foreach (int[] list in MindrayNomenclature.WaveNumbers.Chunk(MostPerList))
        {
            Append(text, Waves, list);
        }

        Append(text, PhysiologicalAlarms, []);
        Append(text, TechnicalAlarms, []);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int kind, int[] numbers) =>
        text.Append("QRF|MON||||0&0^").Append(kind).Append(numbers.Length == 0 ? "^1^1^" : "^1^0^").AppendJoin('&', numbers).Append('\r');
}
