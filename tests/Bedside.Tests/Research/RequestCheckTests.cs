using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Tests.Research;

/// <summary>A machine holds every rule against a request before anybody reads it, and says which field and what to do.</summary>
public sealed class RequestCheckTests
{
    private static readonly (string Field, Func<StudyRequest, StudyRequest> Change)[] Wrong =
    [
        ("title.french", request => request with { Title = request.Title with { French = " " } }),
        ("title.english", request => request with { Title = request.Title with { English = string.Empty } }),
        ("title.english", request => request with { Title = request.Title with { English = new string('x', 201) } }),
        ("summary.french", request => request with { Summary = request.Summary with { French = string.Empty } }),
        ("summary.english", request => request with { Summary = request.Summary with { English = "bell \a" } }),
        ("publicInterest", request => request with { PublicInterest = string.Empty }),
        ("basis", request => request with { Basis = LegalBasis.None }),
        ("basis", request => request with { Basis = (LegalBasis)9 }),
        ("basisReference", request => request with { BasisReference = string.Empty }),
        ("opinion", request => request with { Opinion = string.Empty }),
        ("body", request => request with { Body = string.Empty }),
        ("dataProtectionOfficer", request => request with { DataProtectionOfficer = string.Empty }),
        ("secureSpace", request => request with { SecureSpace = string.Empty }),
        ("outputs", request => request with { Outputs = string.Empty }),
        ("whyNotFederated", request => request with { WhyNotFederated = string.Empty }),
        ("people", request => request with { People = [] }),
        ("people", request => request with { People = [request.People[0], request.People[0] with { Recipient = Requests.OtherKey }] }),
        ("people", request => request with { People = [request.People[0], request.People[0] with { Badge = "R3" }] }),
        ("people[0].name", request => request with { People = [request.People[0] with { Name = string.Empty }] }),
        ("people[0].badge", request => request with { People = [request.People[0] with { Badge = "no badge" }] }),
        ("people[0].recipient", request => request with { People = [request.People[0] with { Recipient = "ssh-ed25519 AAAA" }] }),
        ("people[0].recipient", request => request with { People = [request.People[0] with { Recipient = Requests.Key.ToUpperInvariant() }] }),
        ("people[0].recipient", request => request with { People = [request.People[0] with { Recipient = Requests.Key[..^1] + "b" }] }),
        ("signals", request => request with { Signals = [] }),
        ("signals[0].signal", request => request with { Signals = [new AskedSignal("no-such-signal", "why")] }),
        ("signals[1].signal", request => request with { Signals = [request.Signals[0], request.Signals[0]] }),
        ("signals[0].reason", request => request with { Signals = [new AskedSignal("hr", string.Empty)] }),
        ("signals[0].hertz", request => request with { Signals = [new AskedSignal("hr", "why", 0)] }),
        ("signals[0].hertz", request => request with { Signals = [new AskedSignal("hr", "why", double.NaN)] }),
        ("signals[0].identifyingReason", request => request with { Signals = [new AskedSignal("ecg-ii", "why")] }),
        ("signals[0].identifyingReason", request => request with { Signals = [new AskedSignal("ecg-v5", "why", 50)] }),
        ("signals[0].identifyingReason", request => request with { Signals = [new AskedSignal("pleth", "why", 125)] }),
        ("signals[0].identifyingReason", request => request with { Signals = [new AskedSignal("pleth-2", "why")] }),
        ("signals[0].identifyingReason", request => request with { Signals = [new AskedSignal("eeg-1", "why")] }),
        ("cohort.ageBands", request => request with { Cohort = request.Cohort with { AgeBands = ["18-30"] } }),
        ("cohort.ageBands", request => request with { Cohort = request.Cohort with { AgeBands = ["90+", "90+"] } }),
        ("cohort.sexes", request => request with { Cohort = request.Cohort with { Sexes = ["X"] } }),
        ("cohort.leastHours", request => request with { Cohort = request.Cohort with { LeastHours = -1 } }),
        ("cohort.has[0]", request => request with { Cohort = request.Cohort with { Has = [new HasSignal("nothing", 1)] } }),
        ("cohort.has[0]", request => request with { Cohort = request.Cohort with { Has = [new HasSignal("hr", double.PositiveInfinity)] } }),
        ("window", request => request with { Window = new StudyWindow(5, 5) }),
        ("window", request => request with { Window = new StudyWindow(-1, ToHour: null) }),
        ("lastDay", request => request with { LastDay = request.FirstDay.AddDays(-1) }),
        ("timeReason", request => request with { Time = TimeForm.ShiftedWeeks }),
        ("expires", request => request with { Expires = Requests.Today }),
        ("expires", request => request with { Expires = Requests.Today.AddMonths(24).AddDays(1) }),
    ];

    [Fact]
    public void A_whole_request_has_nothing_against_it() => Assert.Empty(RequestCheck.Faults(Requests.Whole(), Requests.Today));

    [Fact]
    public void Each_thing_that_is_wrong_is_named_by_its_field_with_a_remedy_in_both_languages()
    {
        foreach ((string field, Func<StudyRequest, StudyRequest> change) in Wrong)
        {
            IReadOnlyList<RequestFault> faults = RequestCheck.Faults(change(Requests.Whole()), Requests.Today);
            Assert.True(faults.Any(fault => fault.Field == field), $"{field}: {string.Join(", ", faults.Select(fault => fault.Field))}");
            Assert.All(faults, fault => Assert.True(fault.Sentence.French.EndsWith('.') && fault.Sentence.English.EndsWith('.') && fault.Sentence.French != fault.Sentence.English));
        }
    }

    [Fact]
    public void What_is_at_the_edge_is_still_allowed()
    {
        StudyRequest whole = Requests.Whole();
        StudyRequest[] edges =
        [
            whole with { Expires = Requests.Today.AddMonths(24) },
            whole with { Expires = Requests.Today.AddDays(1) },
            whole with { Signals = [new AskedSignal("ecg-ii", "why", 49.9)] },
            whole with { Signals = [new AskedSignal("ecg-ii", "why", Hertz: null, "its shape is the question")] },
            whole with { Time = TimeForm.ShiftedWeeks, TimeReason = "weekends are compared" },
            whole with { LastDay = whole.FirstDay },
            whole with { Window = new StudyWindow(0, ToHour: null) },
            whole with { Cohort = new CohortRules([.. RequestCohort.AgeBands], ["F", "M"], 24, [new HasSignal("hr", 12)]) },
        ];
        Assert.All(edges, request => Assert.Empty(RequestCheck.Faults(request, Requests.Today)));
    }

    [Fact]
    public void A_request_comes_back_from_its_text_with_the_same_digest()
    {
        StudyRequest request = Requests.Whole() with { Time = TimeForm.ShiftedWeeks, TimeReason = "é « \" \n", Signals = [new AskedSignal("ecg-ii", "why", 62.5, "shape")] };
        string text = RequestText.Write(request);

        Assert.DoesNotContain('\n', text);
        Assert.Equal(text, RequestText.Write(RequestText.Read(text)));
        Assert.Equal(RequestText.DigestOf(request), RequestText.DigestOf(RequestText.Read(text)));
        Assert.NotEqual(RequestText.DigestOf(request), RequestText.DigestOf(request with { Outputs = "more" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"title\":null}")]
    public void What_is_no_request_is_refused_with_a_sentence(string text) =>
        Assert.Contains("template", Assert.Throws<StudyRefusedException>(() => RequestText.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_request_with_a_field_too_many_a_hole_or_a_number_for_a_choice_is_refused()
    {
        string text = RequestText.Write(Requests.Whole());
        Assert.Throws<StudyRefusedException>(() => RequestText.Read(text.Replace("\"outputs\"", "\"surprise\":1,\"outputs\"", StringComparison.Ordinal)));
        Assert.Throws<StudyRefusedException>(() => RequestText.Read(text.Replace("\"people\":[", "\"people\":[null,", StringComparison.Ordinal)));
        Assert.Throws<StudyRefusedException>(() => RequestText.Read(text.Replace("\"basis\":\"mr004\"", "\"basis\":1", StringComparison.Ordinal)));
        Assert.Throws<StudyRefusedException>(() => RequestText.Read(text.Replace("\"outputs\"", "\"body\":\"twice\",\"outputs\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_lead_of_the_nomenclature_and_every_pulse_wave_can_tell_a_person()
    {
        IEnumerable<NomenclatureEntry> waves = Nomenclature.Shipped.Entries.Where(entry => entry.Kind == "waveform" && entry.ColourGroup is "ecg" or "spo2" && entry.Kind == "waveform");
        Assert.NotEmpty(waves);
        Assert.All(waves, entry => Assert.True(RequestSignals.IsIdentifying(entry, hertz: null), entry.Id));
        Assert.False(RequestSignals.IsIdentifying(Nomenclature.Shipped.ById("hr")!, hertz: null));
    }
}
