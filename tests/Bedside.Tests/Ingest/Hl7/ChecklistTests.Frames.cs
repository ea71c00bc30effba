using Bedside.Ingest.Hl7;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>Row 1: what really arrives (sheet 1.1), and what must come of it.</summary>
public sealed partial class ChecklistTests
{
    /// <summary>Name, bytes as UTF-8 text, control ids of what is taken, number of answers.</summary>
    public static TheoryData<string, string, string[], int> FrameCases()
    {
        string a = Small("a");
        string b = Small("b");
        const string answer = "MSH|^~\\&|X||||20260101||ACK|z|P|2.6\rMSA|AA|1\r";
        return new TheoryData<string, string, string[], int>
        {
            { "several frames", $"\v{a}\x1C\r\v{b}\x1C\r", ["a", "b"], 2 },
            { "no return", $"\v{a}\x1C\v{b}\x1C", ["a", "b"], 2 },
            { "a line feed", $"\v{a}\x1C\n\v{b}\x1C\n", ["a", "b"], 2 },
            { "no end block before the next", $"\v{a}\v{b}\x1C\r", ["a", "b"], 2 },
            { "no end block at the end", $"\v{a}\x1C\r\v{b}", ["a", "b"], 2 },
            { "broken off", $"\v{a}\x1C\r\v{b[..^3]}", ["a"], 1 },
            { "no start block", $"{a}\x1C\r\n{b}\x1C\r", ["a", "b"], 2 },
            { "noise between", $"\0 \r\n\v{a}\x1C\r  \0\r\n junk \v{b}\x1C\r", ["a", "b"], 2 },
            { "two in one frame", $"\v{a}{b}\x1C\r", ["a", "b"], 2 },
            { "a batch", $"\vFHS|^~\\&\rBHS|^~\\&\r{a}{b}BTS|2\rFTS|1\r\x1C\r", ["a", "b"], 2 },
            { "an answer glued to it", $"\v{answer}{a}\x1C\r", ["z", "a"], 1 },
            { "line feeds", $"\v{a.Replace('\r', '\n')}\x1C\r", ["a"], 1 },
            { "both line ends", $"\v{a.Replace("\r", "\r\n", StringComparison.Ordinal)}\x1C\r", ["a"], 1 },
            { "a byte order mark", $"\v\uFEFF{a}\x1C\r", ["a"], 1 },
            { "16 bits", $"UTF-16{a}", ["a"], 1 },
            { "lost bytes", $"\v{a}BX|2|NM\rOBX||||FDIL|<10\r\x1C\r", ["a"], 1 },
            { "commit bytes", $"\v\x06\x1C\r\v{a}\x1C\r\v\x15\x1C\r", ["a"], 1 },
        };
    }

    private static string Small(string control) => $"MSH|^~\\&|X||||20260101||ORU^R01|{control}|P|2.6\rNTE|1||é\r";

    private static async Task<(string[] Controls, int Answers)> CutAsync(byte[] bytes, IReadOnlyList<int> ends)
    {
        var heard = new Controls();
        var conversation = new MllpConversation(heard, new Acknowledgement(TimeProvider.System), new MllpOptions());
        int answers = 0;
        int from = 0;
        foreach (int end in ends)
        {
            IReadOnlyList<byte[]>? said = await conversation.TakeAsync(bytes.AsMemory(from, end - from), default, CancellationToken.None);
            answers += said!.Count;
            from = end;
        }

        answers += (await conversation.FinishAsync(default, CancellationToken.None)).Count;
        return ([.. heard.Heard], answers);
    }

    private static async Task<bool> Ended(Task<int> reading)
    {
        try
        {
            return await reading == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private sealed class Controls : IHl7Receiver
    {
        public List<string> Heard { get; } = [];

        public Task<IReadOnlyList<Receipt>> ReceiveAsync(IReadOnlyList<Hl7Message> messages, MonotonicInstant arrivedAt, CancellationToken cancel)
        {
            Heard.AddRange(messages.Select(message => message.Header.Field(10).Text));
            return Task.FromResult<IReadOnlyList<Receipt>>([.. messages.Select(_ => new Receipt(Outcome.Accepted))]);
        }
    }

    private sealed class SameExchange(string name) : IEqualityComparer<(string[] Controls, int Answers)>
    {
        public bool Equals((string[] Controls, int Answers) x, (string[] Controls, int Answers) y)
        {
            Assert.True(x.Controls.SequenceEqual(y.Controls) && x.Answers == y.Answers, $"{name}: {string.Join(' ', y.Controls)} and {y.Answers} answers");
            return true;
        }

        public int GetHashCode((string[] Controls, int Answers) obj) => obj.Answers;
    }
}
