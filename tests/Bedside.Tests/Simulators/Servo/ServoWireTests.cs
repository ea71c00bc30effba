using System.Net;
using System.Text;
using Bedside.Simulators;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Servo;

namespace Bedside.Tests.Simulators.Servo;

/// <summary>What the simulated ventilator answers, against the sheet.</summary>
public sealed class ServoWireTests : IPort
{
    private readonly ManualTime _time = new();
    private readonly List<byte> _heard = [];

    [Fact]
    public void It_begins_in_the_basic_mode_and_enters_the_extended_one()
    {
        ServoDevice device = Device();
        Assert.Equal("*", Ask(device, ""));
        Assert.Equal("900PCI", Ask(device, "HO"));
        Assert.Equal("ER10", Ask(device, "RHVE09"));
        Assert.Equal("Servo-i029", Ask(device, "RCTY1C"));
        Assert.Equal("*2A", Ask(device, ""));
        Assert.Equal("00535", Ask(device, "RHVE09"));
        Assert.Equal("00131", Ask(device, "RPVE11"));
        Assert.Equal("*2A", Ask(device, "SPVE00525"));
        Assert.Equal(5, device.Version);
        Assert.Equal("900PCI", Ask(device, "HO"));
        Assert.Equal(1, device.Version);
    }

    [Fact]
    public void Errors_are_those_of_the_sheet()
    {
        ServoDevice device = Extended();
        Assert.Equal("ER181E", Ask(device, "RHVE08"));
        Assert.Equal("ER1016", Ask(device, Sum("XXXX")));
        Assert.Equal("ER1117", Ask(device, Sum("SPVE05")));
        Assert.Equal("ER1214", Ask(device, Sum("SPVE006")));
        Assert.Equal("ER1214", Ask(device, Sum("SDADC200")));
        Assert.Equal("ER1214", Ask(device, Sum("SDADC100101102113114")));
        Assert.Equal("ER1610", Ask(device, "RADAB54"));
        Assert.Equal("ER1610", Ask(device, "RADAE53"));
        Assert.Equal([0xE0, 0x10, 0x7F, 0x8F], AskBytes(device, "RADC14"));
    }

    [Fact]
    public void Scales_follow_the_version()
    {
        ServoDevice device = Extended();
        Assert.Contains("204,+1000E-004,+0000E+000,08,BT,FFFF;", Ask(device, "RCCO1D"), StringComparison.Ordinal);
        _ = Ask(device, "SPVE00525");
        string scales = Ask(device, "RCCO1D");
        Assert.StartsWith("020;100,+2713E-004,+3333E+000,02,CU,FFFF;101,+6510E-005,+1333E-001,04,CU,FFFF;", scales, StringComparison.Ordinal);
        Assert.Contains("204,+1000E-005,+0000E+000,08,BT,FFFF;", scales, StringComparison.Ordinal);
        Assert.Contains("231,+1588E-004,+1000E-001,09,BR,FFFF;", scales, StringComparison.Ordinal);
        Assert.Contains("232,+4976E-004,+2000E+000,05,BR,FFFF;", scales, StringComparison.Ordinal);
        Assert.Contains("233,+7100E-006,+3500E-002,15,BR,FFFF;", scales, StringComparison.Ordinal);
        Assert.Contains("310,-,-,20,SD,FFFF;", scales, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stream_begins_with_settings_alarms_and_curves_and_ends_with_escape()
    {
        ServoDevice device = Extended();
        _ = Ask(device, Sum("SDADC100113"));
        _ = Ask(device, Sum("SDADS310308"));
        _ = Ask(device, Sum("SDADE410"));
        byte[] bytes = AskBytes(device, "RADC14", seconds: 2);
        Assert.Equal([0x53, 0x00, 0x02], bytes[..3]);
        Assert.Equal(0x7F, bytes[5]);
        Assert.Equal(bytes[..6].Aggregate(0, (sum, one) => sum ^ one), bytes[6]);
        Assert.Equal([0x45, 0x00, 0x7F, 0x3A], bytes[7..11]);
        Assert.Equal(0x81, bytes[11]);
        Assert.True(device.IsStreaming);
        device.Receive([0x1B], from: null);
        Assert.False(device.IsStreaming);
        Assert.Equal("*2A", Ask(device, ""));
    }

    [Fact]
    public void While_data_flow_only_escape_is_heard_and_xoff_pauses()
    {
        ServoDevice device = Extended();
        _ = Ask(device, Sum("SDADC100"));
        _ = AskBytes(device, "RADC14", seconds: 1);
        device.Receive("HO\u0004"u8, from: null);
        device.Receive([0x13], from: null);
        Assert.Empty(Run(device, 0.5));
        device.Receive([0x11], from: null);
        byte[] bytes = Run(device, 0.5);
        Assert.InRange(bytes.Length, 30, 200);
        Assert.True(device.IsStreaming);
    }

    [Fact]
    public void Standby_refuses_data_and_in_old_versions_breath_values()
    {
        ServoDevice device = Extended("--fault", "standby@0+1000");
        _ = Ask(device, Sum("SDADC100"));
        _ = Ask(device, Sum("SDADB200"));
        Assert.Equal("ER1711", Ask(device, "RADAB54"));
        Assert.Equal([0xE0, 0x11, 0x7F, 0x8E], AskBytes(device, "RADC14"));
        _ = Ask(device, "SPVE00525");
        _ = Ask(device, Sum("SDADB200"));
        Assert.Equal("999900", Ask(device, "RADAB54"));
    }

    [Fact]
    public void The_sampling_time_is_rounded_and_survives_the_modes()
    {
        ServoDevice device = Extended();
        Assert.Equal("*2A", Ask(device, Sum("SSMP025")));
        Assert.Equal(Sum("024"), Ask(device, "RSTI1C"));
        _ = Ask(device, "HO");
        Assert.Equal("024", Ask(device, "RS"));
        Assert.Equal("*", Ask(device, "CS006"));
        Assert.Equal("010", Ask(device, "RS"));
    }

    [Fact]
    public void Half_a_command_is_forgotten_after_ten_seconds()
    {
        ServoDevice device = Device();
        device.Receive("HO"u8, from: null);
        _ = Run(device, 11);
        Assert.Equal("*", Ask(device, ""));
        Assert.Equal("900PCI", Ask(device, "HO"));
    }

    void IPort.Send(ReadOnlySpan<byte> bytes, IPEndPoint? to) => _heard.AddRange(bytes);

    private static string Sum(string text) => text + ServoFrame.Digits(text);

    private ServoDevice Device(params string[] options)
    {
        var arguments = Arguments.Parse(ServoPorts.Servo, ["--pty", .. options]);
        var clock = new SimulationClock(_time, arguments.Epoch);
        var faults = new FaultSchedule(clock, ServoPorts.Servo.Faults);
        Assert.All(arguments.Values("fault"), fault => Assert.True(faults.TryAdd(fault, 0)));
        return (ServoDevice)ServoPorts.Servo.Create(new Simulation(clock, new Patient(1), this, faults, arguments));
    }

    private ServoDevice Extended(params string[] options)
    {
        ServoDevice device = Device(options);
        Assert.Equal("Servo-i029", Ask(device, "RCTY1C"));
        return device;
    }

    private string Ask(ServoDevice device, string command) => Encoding.ASCII.GetString(AskBytes(device, command, seconds: 12)).TrimEnd('\u0004');

    private byte[] AskBytes(ServoDevice device, string command, double seconds = 0.5)
    {
        device.Receive(Encoding.ASCII.GetBytes(command + "\u0004"), from: null);
        return Run(device, seconds);
    }

    private byte[] Run(ServoDevice device, double seconds)
    {
        _heard.Clear();
        for (int passed = 0; passed < seconds * 1000; passed += 5)
        {
            _time.Pass(TimeSpan.FromMilliseconds(5));
            _ = device.Advance();
        }

        return [.. _heard];
    }
}
