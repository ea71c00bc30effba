using System.Runtime.InteropServices;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Transports;
using Bedside.Simulators.Ward;

namespace Bedside.Simulators;

/// <summary>`bedside sim`: finds the device, opens its port, says where, and lives until told to stop.</summary>
internal static class CommandLine
{
    private const int WrongUsage = 2;
    private const string Ward = "ward";

    public static int Run(IReadOnlyList<DeviceKind> devices, IReadOnlyList<string> words)
    {
        if (words.Count == 0 || words[0] == "--help" || words[0] == "-h")
        {
            Help(devices);
            return words.Count == 0 ? WrongUsage : 0;
        }

        DeviceKind? kind = devices.FirstOrDefault(d => d.Name == words[0]);
        if (kind is null && words[0] != Ward)
        {
            return Refuse($"there is no simulator '{words[0]}'; there are: {string.Join(", ", devices.Select(d => d.Name))}, {Ward}");
        }

        if (kind is not null && (words.Contains("--help") || words.Contains("-h")))
        {
            Help(kind);
            return 0;
        }

        try
        {
            return kind is null ? WardFolder.Run([.. words.Skip(1)], Console.Out) : Serve(kind, Arguments.Parse(kind, [.. words.Skip(1)]));
        }
        catch (UsageException wrong)
        {
            return Refuse(wrong.Message);
        }
        catch (IOException failed)
        {
            Console.Error.WriteLine(failed.Message);
            return 1;
        }
        catch (System.Net.Sockets.SocketException failed)
        {
            Console.Error.WriteLine($"cannot serve there: {failed.Message}");
            return 1;
        }
    }

    private static int Serve(DeviceKind kind, Arguments arguments)
    {
        var clock = new SimulationClock(TimeProvider.System, arguments.Epoch);
        var faults = new FaultSchedule(clock, kind.Faults);
        foreach (string fault in arguments.Values("fault"))
        {
            if (!faults.TryAdd(fault, 0))
            {
                throw new UsageException($"'{fault}' is not a fault of {kind.Name}; there are: {string.Join(", ", kind.Faults.Select(f => f.Name))}");
            }
        }

        using ITransport transport = Open(kind, arguments);
        IDevice device = kind.Create(new Simulation(clock, new Patient(arguments.Seed), transport, faults, arguments) { Address = transport.Address, Log = Console.Error });
        using var commands = new Commands(faults, Console.In, arguments.Has("until-stdin-closes"));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, commands.Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, commands.Stop);
        Console.Out.WriteLine($"ready {transport.Where}");
        Console.Out.Flush();
        Loop(clock, transport, device, commands);
        return 0;
    }

    private static ITransport Open(DeviceKind kind, Arguments arguments) => arguments switch
    {
        { Listen: { } address, Transport: Transport.Udp } => new UdpTransport(address),
        { Listen: { } address } when kind.Calls => new TcpCaller(address),
        { Listen: { } address } => new TcpTransport(address),
        _ => new PtyTransport(arguments.Line, arguments.LineCheck, arguments.Value("link"), Console.Error.WriteLine),
    };

    private static void Loop(SimulationClock clock, ITransport transport, IDevice device, Commands commands)
    {
        const long LongestWait = 50_000_000;
        byte[] buffer = new byte[65_536];
        while (!commands.Stopped)
        {
            long due = device.Advance();
            commands.Obey(Console.Error);
            long wait = Math.Clamp(due - clock.Now, 0, LongestWait);
            int received = transport.Receive(buffer, TimeSpan.FromTicks(wait / 100), out System.Net.IPEndPoint? from);
            if (received > 0)
            {
                device.Receive(buffer.AsSpan(0, received), from);
            }
        }
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return WrongUsage;
    }

    private static void Help(IReadOnlyList<DeviceKind> devices)
    {
        Console.Out.WriteLine("bedside sim DEVICE (--pty | --tcp ADDR:PORT | --udp ADDR:PORT) [OPTION]...");
        Console.Out.WriteLine("Plays a bedside device. Prints 'ready WHERE' once it serves. DEVICE is one of:");
        foreach (DeviceKind device in devices)
        {
            Console.Out.WriteLine($"  {device.Name,-22}{device.Title}");
        }

        Console.Out.WriteLine($"  {Ward,-22}a whole ward's weeks of admissions and values, as files of HL7 messages: bedside sim ward --help");
        Console.Out.WriteLine("'bedside sim DEVICE --help' tells a device's options and faults.");
    }

    private static void Help(DeviceKind kind)
    {
        Console.Out.WriteLine($"bedside sim {kind.Name}: {kind.Title}");
        Console.Out.WriteLine();
        foreach (DeviceOption option in Arguments.SharedOptions.Concat(kind.Options))
        {
            Console.Out.WriteLine($"  --{option.Name + (option.Argument is null ? string.Empty : " " + option.Argument),-34} {option.Meaning}");
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine("Faults (when each starts and how long it lasts unless said, in seconds):");
        foreach (FaultKind fault in kind.Faults)
        {
            string time = double.IsPositiveInfinity(fault.Duration) ? $"{fault.Start}, for good" : $"{fault.Start}, for {fault.Duration}";
            Console.Out.WriteLine($"  {fault.Name,-22} {time,-14} {fault.Meaning}");
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine("While it runs, a line 'fault NAME[@SECONDS[+DURATION]]' on standard input starts a fault and 'stop' ends it.");
    }
}
