using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Which question is asked next. One is open at a time (sheet 3, rule 3), so this is a queue by due time: the longest
/// overdue first, and none can starve another. Questions that not every device knows are set aside when they stay
/// without an answer.
/// </summary>
internal sealed class PollPlan
{
    private const long Second = 1_000_000_000;
    private const long Aside = 300 * Second;

    /// <summary>A line that fell silent once over a question may have been pulled just then: that must not cost its answers for minutes.</summary>
    private const long AsideOnce = 15 * Second;

    private readonly List<Question> _questions;
    private readonly HashSet<byte> _known;

    /// <summary>The plan for one device.</summary>
    /// <param name="device">Who it is; null = it has not said, or said nothing.</param>
    /// <param name="experience">What conversations with the device before this one taught.</param>
    public PollPlan(Identification? device, Experience experience)
    {
        _known = experience.Known;
        bool classic = device?.Family == CodeFamily.Classic;
        _questions =
        [
            new(MedibusCode.MeasuredCodepage1, 1, isVital: true),
            new(MedibusCode.AlarmsCodepage1, 1, isVital: true),
            new(MedibusCode.Texts, 5, isVital: false),
            new(MedibusCode.Settings, 5, isVital: false),
            new(MedibusCode.AlarmsCodepage2, 1, isVital: false),
            new(MedibusCode.DateTime, 60, isVital: false),
            new(MedibusCode.LowLimitsCodepage1, 10, isVital: false),
            new(MedibusCode.HighLimitsCodepage1, 10, isVital: false),
            new(MedibusCode.AlarmsCodepage3, 5, isVital: false),
        ];

        // Classic devices have nothing on codepage 2 but alarms (sheet 4).
        if (!classic)
        {
            _questions.Insert(1, new(MedibusCode.MeasuredCodepage2, 1, isVital: false));
            _questions.Add(new(MedibusCode.LowLimitsCodepage2, 10, isVital: false));
            _questions.Add(new(MedibusCode.HighLimitsCodepage2, 10, isVital: false));
        }

        if (device is { HasDeviceSpecificCommand: true, TakesArguments: true })
        {
            _questions.Add(new(MedibusCode.DeviceSpecific, 2, isVital: false, "2"u8));
            _questions.Add(new(MedibusCode.DeviceSpecific, 60, isVital: false, "4"u8));
            _questions.Add(new(MedibusCode.DeviceSpecific, 600, isVital: false, "3"u8));
            _questions.Add(new(MedibusCode.DeviceSpecific, 600, isVital: false, "5"u8));
        }

        foreach (Question question in _questions.Where(question => !question.IsVital))
        {
            if (experience.Silences.TryGetValue(question.Command[1], out (MonotonicInstant At, int Times) silence))
            {
                question.DueAt = silence.At.Nanoseconds + (silence.Times == 1 ? AsideOnce : Aside);
            }
        }
    }

    /// <summary>The question that is longest overdue at <paramref name="now"/>, and its next turn set; null = none is due.</summary>
    public byte[]? Next(MonotonicInstant now)
    {
        Question? first = null;
        foreach (Question question in _questions)
        {
            if (first is null || (question.DueAt ?? long.MinValue) < (first.DueAt ?? long.MinValue))
            {
                first = question;
            }
        }

        if (first is null || first.DueAt > now.Nanoseconds)
        {
            return null;
        }

        first.DueAt = now.Nanoseconds + (first.EverySeconds * Second);
        return first.Command;
    }

    /// <summary>Ask this at once: the device said that it changed.</summary>
    public void Hurry(byte code)
    {
        foreach (Question question in _questions.Where(question => question.Command[1] == code))
        {
            question.DueAt = null;
        }
    }

    /// <summary>
    /// No answer came. True when that may be because the device does not know the question: it is then set aside for
    /// five minutes. A question it answered before, or that every device must answer, is another matter.
    /// </summary>
    public bool SetAside(byte[] command, MonotonicInstant now)
    {
        Question? question = _questions.Find(question => ReferenceEquals(question.Command, command));
        if (question is not { IsVital: false } || _known.Contains(command[1]))
        {
            return false;
        }

        question.DueAt = now.Nanoseconds + Aside;
        return true;
    }

    private sealed class Question(byte code, int everySeconds, bool isVital, params ReadOnlySpan<byte> argument)
    {
        public byte[] Command { get; } = Frame.Command(code, argument);

        public int EverySeconds { get; } = everySeconds;

        public bool IsVital { get; } = isVital;

        /// <summary>Null = at once, in the order of the list.</summary>
        public long? DueAt { get; set; }
    }
}

/// <summary>What a device taught about the questions it knows, kept when a conversation with it begins anew.</summary>
internal sealed class Experience
{
    /// <summary>Codes it has answered.</summary>
    public HashSet<byte> Known { get; } = [];

    /// <summary>Codes it has never answered and fell silent over: when last, and how often.</summary>
    public Dictionary<byte, (MonotonicInstant At, int Times)> Silences { get; } = [];

    /// <summary>The line fell silent while this was open: a device may do so over a question it does not know.</summary>
    public void FellSilent(byte code, MonotonicInstant now)
    {
        if (!Known.Contains(code))
        {
            Silences[code] = (now, Silences.GetValueOrDefault(code).Times + 1);
        }
    }

    public void Answered(byte code)
    {
        Known.Add(code);
        Silences.Remove(code);
    }

    /// <summary>Another device is on the line.</summary>
    public void Clear()
    {
        Known.Clear();
        Silences.Clear();
    }
}
