using System.Globalization;
using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>A request made of what was typed, with everything that cannot be understood and everything that the rules have against it.</summary>
/// <param name="Request">Null = it cannot even be kept as a draft.</param>
internal sealed record RequestReading(StudyRequest? Request, IReadOnlyList<RequestFault> Faults)
{
    public static RequestReading Of(FormValues values, DateOnly today)
    {
        var reader = new Reader(values);
        StudyRequest request = reader.Read();
        return reader.Faults.Count > 0
            ? new RequestReading(Request: null, [.. reader.Faults, .. RequestCheck.Faults(request, today).Where(fault => reader.Faults.TrueForAll(one => one.Field != fault.Field))])
            : new RequestReading(request, RequestCheck.Faults(request, today));
    }

    private sealed class Reader(FormValues values)
    {
        public List<RequestFault> Faults { get; } = [];

        public StudyRequest Read() => new()
        {
            Title = Two("title"),
            Summary = Two("summary"),
            PublicInterest = values.One("publicInterest"),
            Basis = Enum.TryParse(values.One("basis"), out LegalBasis basis) && Enum.IsDefined(basis) ? basis : LegalBasis.None,
            BasisReference = values.One("basisReference"),
            Opinion = values.One("opinion"),
            Body = values.One("body"),
            DataProtectionOfficer = values.One("dataProtectionOfficer"),
            People = [.. Rows(FormValues.Peoples).Select(row => new NamedResearcher(values.One($"{row}.name"), values.One($"{row}.badge"), values.One($"{row}.recipient")))],
            SecureSpace = values.One("secureSpace"),
            Cohort = new CohortRules(
                values.All("cohort.ageBands"),
                values.All("cohort.sexes"),
                Hours("cohort.leastHours") ?? 0,
                [.. Rows(FormValues.Has).Select(row => new HasSignal(values.One($"{row}.signal"), Hours($"{row}.hours") ?? 0))]),
            Signals = [.. Rows(FormValues.Signals).Select(row => new AskedSignal(values.One($"{row}.signal"), values.One($"{row}.reason"), Hours($"{row}.hertz"), values.One($"{row}.identifyingReason")))],
            FirstDay = Day("firstDay"),
            LastDay = Day("lastDay"),
            Window = new StudyWindow(Hours("window.fromHour") ?? 0, Hours("window.toHour")),
            Time = values.One("time") == nameof(TimeForm.ShiftedWeeks) ? TimeForm.ShiftedWeeks : TimeForm.Relative,
            TimeReason = values.One("timeReason"),
            Expires = Day("expires"),
            Outputs = values.One("outputs"),
            WhyNotFederated = values.One("whyNotFederated"),
        };

        private IEnumerable<string> Rows(string list) => Enumerable.Range(0, values.Rows(list)).Select(row => $"{list}[{row}]");

        private TwoTongues Two(string name) => new(values.One($"{name}.french"), values.One($"{name}.english"));

        /// <summary>Empty = nothing was said. A comma is as good as a point.</summary>
        private double? Hours(string name)
        {
            string said = values.One(name);
            if (said.Length == 0)
            {
                return null;
            }

            if (double.TryParse(said.Replace(',', '.'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double read) && double.IsFinite(read))
            {
                return read;
            }

            Faults.Add(new RequestFault(name, new TwoTongues("Ce n’est pas un nombre ; écrivez par exemple 0,5.", "This is no number; write for example 0.5.")));
            return null;
        }

        private DateOnly Day(string name)
        {
            if (DateOnly.TryParseExact(values.One(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
            {
                return day;
            }

            Faults.Add(new RequestFault(name, new TwoTongues("Le jour manque ; choisissez-le, ou écrivez 2027-01-31.", "The day is missing; choose it, or write 2027-01-31.")));
            return default;
        }
    }
}
