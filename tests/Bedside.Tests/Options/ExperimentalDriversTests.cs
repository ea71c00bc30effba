using System.CommandLine;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Options;

/// <summary>What a site turns on by name, and what it is told when it does not.</summary>
public sealed class ExperimentalDriversTests
{
    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{\"experimental\": [\"hamilton-polling\", \"bis-binary\"]}", 2)]
    public void Names_are_read_from_the_configuration(string json, int count) => Assert.Equal(count, Read(json).Experimental.Count);

    [Theory]
    [InlineData("acme", "there is no driver acme; experimental are capnostream-20, bis-binary, hamilton-polling.")]
    [InlineData("nonin-df", "nonin-df is not experimental and always on; leave it out.")]
    public void A_name_that_is_none_is_refused_in_the_configuration_and_on_the_command_line(string name, string sentence)
    {
        CommandFailedException inFile = Assert.Throws<CommandFailedException>(() => Read($$"""{"experimental": ["{{name}}"]}"""));
        CommandFailedException onLine = Assert.Throws<CommandFailedException>(() => DecodeCommand.Drivers(name: null, [name]));
        Assert.All([inFile, onLine], refused => Assert.Contains(sentence, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_port_pinned_to_one_that_is_off_is_refused_with_the_remedy()
    {
        var port = PortSettings.ParseSerial("/dev/ttyS0=hamilton-polling");
        port.Check("--serial");

        CommandFailedException refused = Assert.Throws<CommandFailedException>(() => ExperimentalDrivers.CheckPins([port], []));

        Assert.Equal(
            "/dev/ttyS0: hamilton-polling is experimental and not turned on; add --experimental hamilton-polling, or \"experimental\": [\"hamilton-polling\"] in the configuration.",
            refused.Message);
        Assert.Throws<CommandFailedException>(() => ExperimentalDrivers.CheckPins([port], ["bis-binary"]));
        ExperimentalDrivers.CheckPins([port], ["hamilton-polling"]);
        ExperimentalDrivers.CheckPins([PortSettings.ParseSerial("/dev/ttyS0=nonin-df"), PortSettings.ParseSerial("/dev/ttyS1")], []);
    }

    [Fact]
    public void A_configuration_may_pin_a_port_to_what_the_command_line_turns_on() =>
        Assert.Equal("bis-binary", Read("{\"ports\": [{\"serial\": \"/dev/ttyS0\", \"driver\": \"bis-binary\"}]}").Ports[0].Driver);

    [Fact]
    public void Decoding_asks_the_usual_ones_and_HL7_those_turned_on_or_the_one_that_is_named()
    {
        Assert.Equal([.. DriverCatalog.Usual.Select(driver => driver.Name), "hl7"], DecodeCommand.Drivers(name: null, []).Select(driver => driver.Name));
        Assert.Contains(DriverCatalog.ByName("capnostream-20"), DecodeCommand.Drivers(name: null, ["capnostream-20"]));
        Assert.Equal([DriverCatalog.ByName("capnostream-20")!], DecodeCommand.Drivers("capnostream-20", []));
        Assert.Contains(
            "experimental, off unless turned on: capnostream-20",
            Assert.Throws<CommandFailedException>(() => DecodeCommand.Drivers("acme", [])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_commands_that_decode_have_the_switch_and_explain_it()
    {
        foreach (Command command in new[] { RunCommand.Create(), DetectCommand.Create(), DecodeCommand.Create(), ImportCommand.Create().Subcommands.Single(one => one.Name == "capture") })
        {
            Option option = Assert.Single(command.Options, option => option.Name == "--experimental");
            Assert.Contains("never tried on a real device", option.Description, StringComparison.Ordinal);
            Assert.All(DriverCatalog.Experimental, driver => Assert.Contains(driver.Name, option.Description, StringComparison.Ordinal));
        }
    }

    private static BedOptions Read(string json)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            return BedOptions.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
