using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What became of a message.</summary>
public enum Outcome
{
    /// <summary>On the disk, or rightly left alone: AA, CA.</summary>
    Accepted,

    /// <summary>Not stored; the sender shall try again: AE, CE.</summary>
    Error,

    /// <summary>Cannot be used; the sender shall not try again: AR, CR.</summary>
    Rejected,
}

/// <summary>How a sender is answered.</summary>
public enum AnswerMode
{
    /// <summary>As its MSH-15 and MSH-16 ask.</summary>
    Auto,

    /// <summary>One application acknowledgement, whatever they ask.</summary>
    Original,

    /// <summary>One accept acknowledgement, whatever they ask.</summary>
    Enhanced,

    /// <summary>Never.</summary>
    None,
}

/// <summary>Writes the answers to a message.</summary>
/// <param name="time">For MSH-7 and MSH-10 of the answers.</param>
/// <param name="usual">How the sender wants it.</param>
/// <param name="alwaysApplication">Answer AA, AE, AR also where CA, CE, CR are due: for senders that ask for the one and expect the other.</param>
/// <param name="modeOf">How a sender wants it that is answered otherwise than the others, by <see cref="SenderName"/>; null = all alike.</param>
public sealed class Acknowledgement(TimeProvider time, AnswerMode usual = AnswerMode.Auto, bool alwaysApplication = false, Func<string, AnswerMode?>? modeOf = null)
{
    private const string Own = "BEDSIDE";
    private const double FirstWithErr = 2.5;

    private long _count;

    /// <summary>The messages to send back, in their order, without frames: none, one, or an accept and an application acknowledgement.</summary>
    public IReadOnlyList<byte[]> Of(Hl7Message message, Outcome outcome, Hl7Fault? fault = null)
    {
        (string type, _) = message.Kind;
        AnswerMode mode = modeOf?.Invoke(SenderName.Of(message)) ?? usual;
        if (mode == AnswerMode.None || type == "ACK" || type == "MCF")
        {
            return [];
        }

        string accept = message.Header.Field(15).Text;
        string application = message.Header.Field(16).Text;
        bool original = mode == AnswerMode.Original || (mode == AnswerMode.Auto && accept.Length == 0 && application.Length == 0);
        var answers = new List<byte[]>(2);
        if (!original && (mode == AnswerMode.Enhanced || IsDue(accept, outcome)))
        {
            answers.Add(Write(message, outcome, fault, alwaysApplication ? 'A' : 'C'));
        }

        if (original || (mode == AnswerMode.Auto && IsDue(application, outcome)))
        {
            answers.Add(Write(message, outcome, fault, 'A'));
        }

        return answers;
    }

    private static bool IsDue(string condition, Outcome outcome) => condition switch
    {
        "AL" => true,
        "ER" => outcome != Outcome.Accepted,
        "SU" => outcome == Outcome.Accepted,
        _ => false,
    };

    private byte[] Write(Hl7Message message, Outcome outcome, Hl7Fault? fault, char family)
    {
        Hl7Value header = message.Header;
        Delimiters by = message.Rejection is { Field: 2 } ? Delimiters.Usual : message.Delimiters;
        string version = Ascii(header.Field(12));
        bool hasErr = !double.TryParse(Ascii(header.Field(12).Component(1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) || number >= FirstWithErr;
        DateTimeOffset now = time.GetUtcNow();
        char code = outcome switch { Outcome.Accepted => 'A', Outcome.Error => 'E', _ => 'R' };
        var answer = new Answer(by);
        char part = (char)by.Component;
        string trigger = Ascii(header.Field(9).Component(2));
        string kind = trigger.Length == 0 || (number > 0 && number < 2.4) ? "ACK" : $"ACK{part}{trigger}{part}ACK";
        answer.Begin("MSH").Raw(Encoding(by, header.Field(2))).Field(header.Field(5)).Field(header.Field(6)).Field(header.Field(3)).Field(header.Field(4))
            .Text(now.ToString("yyyyMMddHHmmss.fff'+0000'", CultureInfo.InvariantCulture)).Text(string.Empty).Text(kind)
            .Text(string.Create(CultureInfo.InvariantCulture, $"{Own[..1]}{UtcInstant.FromDateTime(now).UnixNanoseconds / 1_000_000:X}-{Interlocked.Increment(ref _count)}"))
            .Text(header.Field(11).HasValue ? Ascii(header.Field(11)) : "P").Text(version.Length == 0 ? "2.5" : version);
        if (header.Field(18).HasValue)
        {
            answer.Text(string.Empty).Text(string.Empty).Text(string.Empty).Text(string.Empty).Text(string.Empty).Field(header.Field(18));
        }

        answer.End().Begin("MSA").Text($"{family}{code}").Field(header.Field(10));
        string text = outcome == Outcome.Accepted ? fault?.Reason ?? string.Empty : fault?.ToString() ?? string.Empty;
        if (text.Length > 0 && !(hasErr && outcome != Outcome.Accepted))
        {
            answer.Escaped(text);
        }

        answer.End();
        if (hasErr && outcome != Outcome.Accepted)
        {
            Hl7Fault why = fault ?? new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, "the message could not be stored");
            string place = why.Segment.Length == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{why.Segment}{part}{Math.Max(1, why.Sequence)}{(why.Field > 0 ? $"{part}{why.Field}" : string.Empty)}");
            answer.Begin("ERR").Text(string.Empty).Text(place).Text($"{why.Code}{part}{NameOf(why.Code)}{part}HL70357").Text("E").Text(string.Empty).Text(string.Empty).Text(string.Empty).Escaped(why.Reason).End();
        }

        return answer.ToBytes();
    }

    /// <summary>The encoding characters as they came; the answer has no others.</summary>
    private static byte[] Encoding(Delimiters by, Hl7Value told) =>
        told.HasValue && Delimiters.Read([.. "MSH"u8, by.Field, .. told.Bytes]) is not null ? told.Bytes.ToArray() : [by.Component, by.Repetition, by.Escape, by.Sub];

    private static string Ascii(Hl7Value value) => System.Text.Encoding.ASCII.GetString(value.Bytes);

    private static string NameOf(int code) => code switch
    {
        100 => "Segment sequence error",
        101 => "Required field missing",
        102 => "Data type error",
        103 => "Table value not found",
        200 => "Unsupported message type",
        202 => "Unsupported processing id",
        _ => "Application internal error",
    };

    /// <summary>Segments in the delimiters of the message that is answered.</summary>
    private sealed class Answer(Delimiters by)
    {
        private readonly List<byte> _bytes = [];

        public Answer Begin(string name)
        {
            _bytes.AddRange(System.Text.Encoding.ASCII.GetBytes(name));
            return this;
        }

        public Answer Raw(ReadOnlySpan<byte> bytes)
        {
            _bytes.Add(by.Field);
            _bytes.AddRange(bytes);
            return this;
        }

        /// <summary>A field exactly as it was received.</summary>
        public Answer Field(Hl7Value value) => Raw(value.Bytes);

        public Answer Text(string text) => Raw(System.Text.Encoding.ASCII.GetBytes(text));

        public Answer Escaped(string text)
        {
            _bytes.Add(by.Field);
            foreach (byte one in System.Text.Encoding.ASCII.GetBytes(text))
            {
                char name = one == by.Field ? 'F' : one == by.Component ? 'S' : one == by.Sub ? 'T' : one == by.Repetition ? 'R' : one == by.Escape ? 'E' : '\0';
                _bytes.AddRange(name == '\0' ? [one] : [by.Escape, (byte)name, by.Escape]);
            }

            return this;
        }

        public Answer End()
        {
            _bytes.Add((byte)'\r');
            return this;
        }

        public byte[] ToBytes() => [.. _bytes];
    }
}
