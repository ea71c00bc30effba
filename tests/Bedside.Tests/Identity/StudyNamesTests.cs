using System.Security.Cryptography;
using System.Text;
using Bedside.Identity;
using Bedside.Identity.Studies;
using Bedside.Model;

namespace Bedside.Tests.Identity;

/// <summary>Names of 10 000 patients in two studies, whose keys are always the same.</summary>
public sealed class StudyNamesTests
{
    private const int Patients = 10_000;

    private static readonly StudyKey FirstKey = new(SHA256.HashData("first"u8));
    private static readonly StudyKey SecondKey = new(SHA256.HashData("second"u8));

    [Fact]
    public void A_name_is_what_the_page_says_counted_by_other_means()
    {
        PatientIdentity patient = Patient("00 47\u00a011x");
        byte[] hash = HMACSHA256.HashData(SHA256.HashData("first"u8), Encoding.UTF8.GetBytes("patient\0number\0MR\0HOSP\0004711X"));
        Assert.Equal(ByHand(hash), new StudyNames(FirstKey).Patient(patient));
        byte[] stay = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
        Assert.Equal(ByHand(HMACSHA256.HashData(SHA256.HashData("first"u8), (byte[])[.. "stay\0"u8, .. stay])), new StudyNames(FirstKey).Stay(StayId.Read(stay)));
    }

    [Fact]
    public void Two_studies_share_no_name_of_ten_thousand_patients_and_stays()
    {
        (StudyNames one, StudyNames other) = (new StudyNames(FirstKey), new StudyNames(SecondKey));
        HashSet<string> first = [.. People().Select(one.Patient), .. Stays().Select(one.Stay)];
        HashSet<string> second = [.. People().Select(other.Patient), .. Stays().Select(other.Stay)];
        Assert.Equal(2 * Patients, first.Count);
        Assert.Equal(2 * Patients, second.Count);
        Assert.Empty(first.Intersect(second));
        Assert.All(first.Concat(second), name => Assert.Matches("^[a-z2-7]{26}$", name));
    }

    [Fact]
    public void Every_bit_of_a_name_is_a_coin_and_so_is_its_difference_between_two_studies()
    {
        int[] ones = new int[130];
        int[] differ = new int[130];
        (StudyNames one, StudyNames other) = (new StudyNames(FirstKey), new StudyNames(SecondKey));
        foreach (PatientIdentity patient in People())
        {
            (bool[] first, bool[] second) = (Bits(one.Patient(patient)), Bits(other.Patient(patient)));
            for (int i = 0; i < ones.Length; i++)
            {
                ones[i] += first[i] ? 1 : 0;
                differ[i] += first[i] != second[i] ? 1 : 0;
            }
        }

        // Chi-square of 130 degrees of freedom: 130 on average, over 210 once in 70 000 keys.
        Assert.InRange(ChiSquare(ones), 60, 210);
        Assert.InRange(ChiSquare(differ), 60, 210);
    }

    [Fact]
    public void Two_studies_share_no_pattern_of_shifts()
    {
        (StudyNames one, StudyNames other) = (new StudyNames(FirstKey), new StudyNames(SecondKey));
        int[] differences = new int[StudyNames.Weeks];
        int[] shifts = new int[StudyNames.Weeks];
        foreach (PatientIdentity patient in People())
        {
            (int first, int second) = (one.ShiftWeeks(patient), other.ShiftWeeks(patient));
            Assert.InRange(first, StudyNames.LeastWeeks, StudyNames.LeastWeeks + StudyNames.Weeks - 1);
            shifts[first - StudyNames.LeastWeeks]++;
            differences[(first - second + StudyNames.Weeks) % StudyNames.Weeks]++;
        }

        // 2599 degrees of freedom: standard deviation 72.
        Assert.InRange(Uniform(shifts), 2_200, 3_000);
        Assert.InRange(Uniform(differences), 2_200, 3_000);
    }

    [Fact]
    public void A_shift_keeps_weekday_wall_clock_and_every_interval_to_the_nanosecond()
    {
        var names = new StudyNames(FirstKey);
        var random = new Random(4);
        foreach (PatientIdentity patient in People().Take(1_000))
        {
            long shift = names.ShiftNanoseconds(patient);
            Assert.Equal(0, shift % (7L * 86_400 * 1_000_000_000));
            UtcInstant from = new(1_700_000_000_000_000_000 + random.NextInt64(200_000_000_000_000_000));
            UtcInstant to = from.Add(random.NextInt64(3_000_000_000_000_000));
            Assert.Equal(to.Since(from), to.Add(shift).Since(from.Add(shift)));
            (DateTimeOffset before, DateTimeOffset after) = (from.ToDateTime(), from.Add(shift).ToDateTime());
            Assert.Equal((before.DayOfWeek, before.TimeOfDay), (after.DayOfWeek, after.TimeOfDay));
            Assert.InRange(after.Year, 2120, 2185);
        }
    }

    [Fact]
    public void A_number_is_the_same_however_it_was_written()
    {
        string[] written = ["4711é", " 4711É ", "47 11e\u0301", "4711\tE\u0301", "4711\u00a0é"];
        Assert.Single(written.Select(number => new StudyNames(FirstKey).Patient(Patient(number))).Distinct());
        Assert.Equal(2, new[] { "04711", "4711" }.Select(number => new StudyNames(FirstKey).Patient(Patient(number))).Distinct().Count());
    }

    [Fact]
    public void Of_several_numbers_the_record_number_counts_and_no_visit_number_ever_does()
    {
        PersonNumber[] numbers = [new("9", "HOSP", "VN"), new("8", "NAT", "NH"), new("7", "HOSP", "PI"), new("6", "HOSP", "MR"), new("5", "HOSP", "MR")];
        var person = new PersonDescription(new Bedside.Model.Stays.PersonToken(3), numbers, "NAME", "GIVEN", "1950", "F", default, default);
        var names = new StudyNames(FirstKey);
        string Name(PersonDescription of, string own) => names.Patient(PatientIdentity.Of(of, number => number.Number == own));
        Assert.Equal(names.Patient(Patient("6")), Name(person, "6"));
        Assert.Equal(names.Patient(Patient("5")), Name(person, "9"));
        Assert.Equal(names.Patient(PatientIdentity.OfNumber(numbers[2])), Name(person with { Numbers = [.. numbers.Take(3)] }, "8"));
        var none = PatientIdentity.Of(person with { Numbers = [numbers[0]] }, _ => false);
        Assert.False(none.IsLinkable);
        Assert.Equal(names.Patient(none), names.Patient(PatientIdentity.Of(person with { Numbers = [] }, _ => false)));
        Assert.DoesNotContain("6", PatientIdentity.Of(person, _ => true).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_was_wiped_makes_no_names()
    {
        var key = StudyKey.New();
        var names = new StudyNames(key);
        _ = names.Patient(Patient("1"));
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => names.Patient(Patient("1")));
        Assert.Throws<ObjectDisposedException>(() => names.ShiftWeeks(Patient("1")));
    }

    [Fact]
    public void A_subject_is_the_same_in_every_study_of_a_box_and_another_on_another_box()
    {
        using Bedside.Storage.Keys.BoxKey box = TestVault.Key();
        using Bedside.Storage.Keys.BoxKey other = TestVault.Key(33);
        using var subjects = new SubjectKey(box);
        using var again = new SubjectKey(box);
        using var elsewhere = new SubjectKey(other);
        Assert.Equal(subjects.Of(Patient("1")), again.Of(Patient(" 1")));
        Assert.NotEqual(subjects.Of(Patient("1")), elsewhere.Of(Patient("1")));
        Assert.NotEqual(subjects.Of(Patient("1")), subjects.Of(Patient("2")));
    }

    private static PatientIdentity Patient(string number) => PatientIdentity.OfNumber(TestVault.Number(number));

    private static IEnumerable<PatientIdentity> People() => Enumerable.Range(0, Patients).Select(i => Patient($"{8_000_000 + i}"));

    private static IEnumerable<StayId> Stays() => Enumerable.Range(1, Patients).Select(i => new StayId((UInt128)(ulong)i));

    private static bool[] Bits(string name) => [.. name.SelectMany(letter => Enumerable.Range(0, 5).Select(bit => (("abcdefghijklmnopqrstuvwxyz234567".IndexOf(letter, StringComparison.Ordinal) >> bit) & 1) == 1))];

    private static double ChiSquare(int[] ones) => ones.Sum(count => Math.Pow(count - (Patients / 2.0), 2) / (Patients / 4.0));

    private static double Uniform(int[] counts) => counts.Sum(count => Math.Pow(count - ((double)Patients / counts.Length), 2) / ((double)Patients / counts.Length));

    /// <summary>Base32 by its bits, one after the other.</summary>
    private static string ByHand(byte[] hash)
    {
        string bits = string.Concat(hash.Select(one => Convert.ToString(one, 2).PadLeft(8, '0')));
        return string.Concat(Enumerable.Range(0, 26).Select(i => "abcdefghijklmnopqrstuvwxyz234567"[Convert.ToInt32(bits.Substring(5 * i, 5), 2)]));
    }
}
