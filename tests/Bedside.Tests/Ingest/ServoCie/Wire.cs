using System.Globalization;
using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.ServoCie;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.ServoCie;

/// <summary>Messages of the computer interface, made without the driver's own code.</summary>
internal static class Wire
{
    public static readonly ServoCieDriver Driver = new();

    /// <summary>What a SERVO-i of version 005 says of some of its channels.</summary>
    public const string Scales =
        "020;100,+2713E-004,+3333E+000,02,CU,FFFF;113,+6510E-005,+1333E-001,04,CU,FFFF;114,+4000E-004,+0000E+000,01,CU,FFFF;"
        + "200,+1000E-004,+0000E+000,06,BT,FFFF;201,+1000E-003,+0000E+000,01,BT,FFFF;204,+1000E-005,+0000E+000,08,BT,FFFF;205,+1000E-004,+0000E+000,04,BT,FFFF;"
        + "208,+1000E-004,+0000E+000,04,BT,FFFF;209,+1000E-004,+0000E+000,07,BT,FFFF;231,+1588E-004,+1000E-001,09,BR,FFFF;"
        + "308,+1000E-004,+0000E+000,04,SD,FFFF;310,-,-,20,SD,FFFF;323,+1000E-004,+0000E+000,07,SD,FFFF;327,-1000E-004,+0000E+000,04,SD,FFFF;"
        + "410,-,-,-,AD,FFFF;411,-,-,-,AD,FFFF;412,-,-,-,AD,FFFF;";

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal));

    public static byte[] Checked(string text)
    {
        int sum = Encoding.ASCII.GetBytes(text).Aggregate(0, (all, one) => all ^ one);
        return Encoding.ASCII.GetBytes(text + sum.ToString("X2", CultureInfo.InvariantCulture) + "\u0004");
    }

    /// <summary>What a tap of both directions tells: the mode, the scales, and then each command with its answer.</summary>
    public static Ear Tapped(params (string Command, string Answer)[] talk)
    {
        (Ear ear, IDriverSession session) = Tap();
        Say(session, ear, talk);
        session.Stop(ear);
        return ear;
    }

    /// <summary>A tapped stream of the curves 100 and 113, with values of breaths 200 205 209, settings 310 323 308, alarms 410 411 412, trend 205.</summary>
    public static Ear Streamed(params string[] blocks)
    {
        (Ear ear, IDriverSession session) = Stream();
        foreach (string block in blocks)
        {
            session.OnChunk(new Chunk(default, Hex(block)), ear);
        }

        session.Stop(ear);
        return ear;
    }

    public static (Ear Ear, IDriverSession Session) Stream(string alarms = "SDADE410411412")
    {
        (Ear ear, IDriverSession session) = Tap();
        Say(session, ear, ("SDADC100113", "*"), ("SDADB200205209", "*"), ("SDADS310323308", "*"), (alarms, "*"), ("SDADT205", "*"));
        session.OnChunk(new Chunk(default, Checked("RADC"), ChunkDirection.ToDevice), ear);
        return (ear, session);
    }

    public static void Say(IDriverSession session, Ear ear, params (string Command, string Answer)[] talk)
    {
        foreach ((string command, string answer) in talk)
        {
            session.OnChunk(new Chunk(default, Checked(command), ChunkDirection.ToDevice), ear);
            session.OnChunk(new Chunk(default, Checked(answer)), ear);
        }
    }

    private static (Ear Ear, IDriverSession Session) Tap()
    {
        var ear = new Ear(Driver);
        IDriverSession session = Driver.Open(new SessionOptions(Transport.Serial, ListenOnly: true));
        Say(session, ear, ("RCTY", "Servo-i0"), ("SPVE005", "*"), ("RCCO", Scales));
        return (ear, session);
    }
}
