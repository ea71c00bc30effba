using Bedside.Ingest.Detection;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.Detection;

public sealed class PortMemoryTests : IDisposable
{
    private static readonly RememberedPort First = new("/dev/serial/by-path/usb-1", "draeger-medibus", "19200 8E1", "draeger-medibus") { UsbId = "0403:6001", AdapterSerial = "A1" };

    private readonly TemporaryFolder _folder = new();

    private string Folder => Path.GetDirectoryName(_folder.PathOf(PortMemory.FileName))!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWasRightIsKnownAfterARestart()
    {
        Assert.True(PortMemory.Open(Folder).Remember(First));
        var again = PortMemory.Open(Folder);

        Assert.Equal(First, again.Of(First.Port));
        Assert.Equal(("draeger-medibus", "19200 8E1"), (again.KnownGood(First.Port)?.Driver.Name, again.KnownGood(First.Port)?.Line?.ToString()));
        Assert.Empty(again.Fault);
        Assert.Null(again.KnownGood("/dev/serial/by-path/usb-2"));
    }

    [Fact]
    public void AFileCutAnywhereOrFullOfNonsenseCostsTheMemoryAndNothingElse()
    {
        PortMemory.Open(Folder).Remember(First);
        string path = _folder.PathOf(PortMemory.FileName);
        byte[] whole = File.ReadAllBytes(path);
        for (int cut = 0; cut < whole.Length; cut++)
        {
            File.WriteAllBytes(path, whole[..cut]);
            var memory = PortMemory.Open(Folder);
            Assert.Null(memory.Of(First.Port));
        }

        File.WriteAllText(path, """{"version":1,"ports":[null,{"port":"","driver":"x"},{"port":"/dev/ttyS0","driver":"gone-driver","line":"fast","device":"d"}]}""");
        var odd = PortMemory.Open(Folder);
        Assert.NotNull(odd.Of("/dev/ttyS0"));
        Assert.Null(odd.KnownGood("/dev/ttyS0"));
        Assert.True(odd.Remember(First));
        Assert.Equal(First, PortMemory.Open(Folder).Of(First.Port));
    }

    [Fact]
    public void AnAdapterWithANumberIsKnownAgainAtAnotherPlace()
    {
        var memory = PortMemory.Open(Folder);
        memory.Remember(First);
        memory.Remember(First with { Port = "/dev/serial/by-path/usb-9", AdapterSerial = "B2", Device = "other" });
        SerialPortName moved = new("/dev/serial/by-path/usb-2", "/dev/ttyUSB0", "FT232R") { UsbId = "0403:6001", AdapterSerial = "A1" };

        Assert.Equal(First, memory.Moved(moved, [moved]));
        Assert.Null(memory.Of(First.Port));
        Assert.Equal(First with { Port = moved.Path }, PortMemory.Open(Folder).Of(moved.Path));
        Assert.Null(memory.Moved(moved, [moved]));
    }

    [Fact]
    public void AnAdapterWithoutANumberMovedOnlyIfItIsTheOneThatIsMissing()
    {
        var memory = PortMemory.Open(Folder);
        RememberedPort nameless = First with { AdapterSerial = "" };
        memory.Remember(nameless);
        SerialPortName there = new(First.Port, "/dev/ttyUSB0", "") { UsbId = "0403:6001" };
        SerialPortName second = new("/dev/serial/by-path/usb-2", "/dev/ttyUSB1", "") { UsbId = "0403:6001" };
        SerialPortName builtIn = new("/dev/ttyS0", "/dev/ttyS0", "");

        Assert.Null(memory.Moved(second, [there, second]));
        Assert.Null(memory.Moved(builtIn, [builtIn]));
        Assert.Equal(nameless, memory.Moved(second, [second]));
    }
}
