using System.CommandLine;
using Bedside.Host.Options;

namespace Bedside.Host.Commands;

/// <summary>What the command line says of the bed: a file of settings, and what is added to them.</summary>
internal sealed class BedArguments
{
    private readonly Option<FileInfo?> _config = new("--config") { Description = "JSON: bed, timeZone, language, dayStart, units, colours, settingsTrialSeconds, boxKey, durability, retention {budget, waveforms, numerics}, evidence, hl7 {port, bed, bedOfSender, personAuthority, personType, address, certificate, key, clientAuthority, timeZone, everySeconds, ack, alwaysApplication, messageMiB, senders}, hl7Out {to, bed, approvedBy, name, every, waves, authority, certificate, key}, listen, ward {name, peers [{bed, address}], approvedBy, ownBed}, talker, ports [{serial | udp | tcp, driver, line, listenOnly}], experimental [names]." };
    private readonly Option<string[]> _serial = new("--serial") { Description = "A serial port: PATH, or PATH=DRIVER, or PATH=DRIVER,\"19200 8E1\"; may be given several times." };
    private readonly Option<string?> _talker = TalkerCommand.Used();
    private readonly Option<string[]> _udp = new("--udp") { Description = "A monitor on the network: ADDR:PORT; may be given several times." };
    private readonly Option<string[]> _tcp = new("--tcp") { Description = "A monitor on the network that waits to be called: ADDR:PORT; may be given several times." };
    private readonly Option<int?> _hl7 = new("--hl7") { Description = "Port on which HL7 (MLLP) is taken; without a certificate in the configuration, from this machine only. 0 = any free one." };
    private readonly Option<string?> _hl7Bed = new("--hl7-bed") { Description = "Which PV1-3 is this box's bed: BED, or components such as ICU^^5; default: the only one that is told of." };
    private readonly Option<string?> _durability = new("--durability") { Description = "What a power cut may cost: 1s (default), or 10s with half the wear of the disk." };
    private readonly Option<string?> _evidence = new("--evidence-budget") { Description = "Room for the raw bytes of every port, so that a better driver can decode them again: 500 MB, 8 GB, or 0 = they are not kept; default: 2 GB, but no more than 1/16 of the disk." };
    private readonly Option<string[]> _experimental = ExperimentalDrivers.Option();
    private readonly Hl7OutArguments _hl7Out = new();
    private readonly WardArguments _ward = new();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_config, _serial, _talker, _udp, _tcp, _hl7, _hl7Bed, _durability, _evidence, _experimental])
        {
            command.Options.Add(option);
        }

        _hl7Out.AddTo(command);
        _ward.AddTo(command);
    }

    /// <summary>Throws <see cref="CommandFailedException"/> with the remedy when something of it cannot be.</summary>
    public BedOptions Read(ParseResult result)
    {
        BedOptions options = result.GetValue(_config) is { } file ? BedOptions.Read(file.FullName) : new BedOptions();
        AddPorts(options, result);
        options.Talker = result.GetValue(_talker) ?? options.Talker;
        options.Hl7.Port = result.GetValue(_hl7) ?? options.Hl7.Port;
        options.Hl7.Bed = result.GetValue(_hl7Bed) ?? options.Hl7.Bed;
        options.Hl7.Check("--hl7");
        _hl7Out.Read(result, options.Hl7Out);
        _ward.Read(result, options.WardPage);
        foreach (string name in ExperimentalDrivers.Checked(result.GetValue(_experimental) ?? [], "--experimental"))
        {
            options.Experimental.Add(name);
        }

        ExperimentalDrivers.CheckPins(options.Ports, [.. options.Experimental]);
        if (result.GetValue(_durability) is { } word)
        {
            options.Durability = Durability.Parse(word) is null ? throw new CommandFailedException(Durability.Refusal("--durability", word)) : word;
        }

        if (result.GetValue(_evidence) is { } room)
        {
            _ = EvidenceBudget.ToOptions(room, "--evidence-budget", EvidenceBudget.AnyDisk);
            options.Evidence = room;
        }

        return options;
    }

    private void AddPorts(BedOptions options, ParseResult result)
    {
        foreach (string text in result.GetValue(_serial) ?? [])
        {
            options.Ports.Add(PortSettings.ParseSerial(text));
        }

        foreach (string text in result.GetValue(_udp) ?? [])
        {
            options.Ports.Add(PortSettings.ParseUdp(text));
        }

        foreach (string text in result.GetValue(_tcp) ?? [])
        {
            options.Ports.Add(PortSettings.ParseTcp(text));
        }

        foreach (PortSettings one in options.Ports)
        {
            one.Check("--serial");
        }
    }
}
