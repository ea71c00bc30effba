using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>Messages of these tests, and what becomes of them.</summary>
internal sealed class Said : IDriverOutput
{
    public const string Header = "MSH|^~\\&|GATEWAY|WARD|||20260302101500+0100||ORU^R01^ORU_R01|77|P|2.6|||AL|NE||UNICODE UTF-8\r";
    public const string Place = "PID|||1234^^^H^MR||Doe^Jane\rPV1||I|ICU^^5^H\r";
    public const string Request = "OBR|1|a|b|182777000^monitoring of patient^SCT|||20260302101459+0100\r";
    public const string HeartRate = "OBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842|80|264864^MDC_DIM_BEAT_PER_MIN^MDC|50-120||||R\r";

    public List<DeviceEvent> Events { get; } = [];

    public static Hl7Message Read(string text) => Hl7Message.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>The events of messages of one sender.</summary>
    public static Said Hears(Hl7Settings settings, params string[] messages)
    {
        var said = new Said();
        var reader = new SenderReader(settings);
        foreach (string message in messages)
        {
            reader.Take(Read(message), new UtcInstant(0), said);
        }

        return said;
    }

    public static Said Hears(params string[] messages) => Hears(new Hl7Settings(), messages);

    public static Said HearsRow(string row) => Hears(Header + Place + Request + row + "\r");

    public IReadOnlyList<T> Of<T>() => [.. Events.OfType<T>()];

    public void Send(ReadOnlySpan<byte> bytes) => throw new InvalidOperationException("nothing is ever sent");

    public void Report(DeviceEvent said) => Events.Add(said);
}
