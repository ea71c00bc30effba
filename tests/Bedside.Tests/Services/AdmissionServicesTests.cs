using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Ingest.Hl7;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bedside.Tests.Services;

/// <summary>How the admissions are put together: with a desk of the stays they are taken, without one they are answered as what nothing is made of.</summary>
public sealed class AdmissionServicesTests
{
    [Fact]
    public async Task WithADeskTheIntakeOfAdmissionsIsThereAndWithoutOneItIsNot()
    {
        using var folder = new TemporaryFolder();
        var place = (new DirectoryInfo(folder.Path), (FileInfo?)null);
        await using var store = Store.Open(folder.Path, StoreArguments.OptionsOfBox(place.Item1, key: null), TimeProvider.System);
        var settings = new AdmissionSettings { Bed = BedPlace.Parse("5") };
        await using ServiceProvider without = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(store).AddAdmissions(settings, place).BuildServiceProvider();
        Assert.Null(without.GetService<AdmissionIntake>());
        await using (ServiceProvider command = AdmissionServices.ForCommand(store, settings, place))
        {
            Assert.NotNull(command.GetService<AdmissionIntake>());
        }

        var desk = new RememberedDesk();
        await using ServiceProvider with = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(store).AddSingleton<IStayDesk>(desk).AddAdmissions(settings, place).BuildServiceProvider();
        AdmissionIntake intake = with.GetRequiredService<AdmissionIntake>();
        Receipt receipt = await intake.TakeAsync(Ingest.Hl7.Said.Read(Adt.Of("A01", "1", Adt.Here, 5)), new UtcInstant(0), CancellationToken.None);
        Assert.Equal(Outcome.Accepted, receipt.Outcome);
        Assert.Equal(Assert.Single(desk.Said).Person, with.GetRequiredService<VaultPlace>().PersonOf("1"));
    }

    [Fact]
    public async Task TheTaskTakesWhatDevicesSayWithoutBeingAsked()
    {
        await using var box = new AdmissionBox();
        using ILoggerFactory logs = LoggerFactory.Create(_ => { });
        using var service = new AdmissionService(box.Admissions, TimeProvider.System, logs.CreateLogger<AdmissionService>());
        await service.StartAsync(CancellationToken.None);
        box.Admissions.HearDevice("monitor", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("id", "1"));
        await box.Desk.SaidAsync(1).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        await service.StopAsync(CancellationToken.None);
        Assert.Equal("monitor", Assert.Single(box.Desk.Said).By);
    }

    [Theory]
    [InlineData("""{ "hl7": { "bedOfSender": { "ADT1": "IC^^7" }, "personAuthority": "HOSP", "personType": "NI" } }""", "")]
    [InlineData("""{ "hl7": { "bedOfSender": { "ADT1": "^^" } } }""", "hl7.bedOfSender ADT1: ^^ is not understood")]
    public void ASiteSaysWhichBedASenderMeansAndWhichNumberCounts(string json, string wrong)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.FileIn("bed.json"), json);
        if (wrong.Length > 0)
        {
            Assert.Contains(wrong, Assert.Throws<CommandFailedException>(() => BedOptions.Read(folder.FileIn("bed.json")).Hl7.Check("bed.json")).Message, StringComparison.Ordinal);
            return;
        }

        AdmissionSettings settings = BedOptions.Read(folder.FileIn("bed.json")).Hl7.Admissions("Europe/Paris");
        Assert.Equal(("IC^^7", "HOSP", "NI", "Europe/Paris"), (settings.BedFor("adt1")!.ToString(), settings.PersonAuthority, settings.PersonType, settings.Zone.Id));
        Assert.Null(settings.BedFor("other"));
    }
}
