using Bedside.Extract.Fhir;
using Bedside.Model;

namespace Bedside.Tests.Extract.Fhir;

/// <summary>Units as UCUM codes. An end-to-end test gives the list beside the vectors to a UCUM validator.</summary>
public class UnitCodesTests
{
    [Fact]
    public void The_list_that_the_validator_is_given_is_the_one_that_is_written() =>
        Assert.Equal(File.ReadAllLines(Repository.PathOf("tests/vectors/fhir/ucum.txt")), UnitCodes.All);

    [Fact]
    public void Every_unit_of_the_nomenclature_is_one() =>
        Assert.All(Nomenclature.Shipped.Entries.Where(entry => entry.Unit.Length > 0), entry => Assert.True(UnitCodes.IsUcum(entry.Unit), entry.Unit));

    [Fact]
    public void Units_of_MDC_are_of_partition_four() =>
        Assert.All(
            UnitCodes.All.Select(unit => UnitCodes.MdcOf(unit, "ecg")).OfType<FhirCoding>(),
            coding => Assert.Equal(4u, uint.Parse(coding.Code, System.Globalization.CultureInfo.InvariantCulture) >> 16));
}
