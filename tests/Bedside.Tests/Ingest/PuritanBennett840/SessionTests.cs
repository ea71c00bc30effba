using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PuritanBennett840;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PuritanBennett840;

/// <summary>What is asked, and when.</summary>
public class SessionTests
{
    [Fact]
    public void MiscfIsAskedForEveryTwoSecondsAndMiscaNowAndThen()
    {
        List<(double At, string Said)> log = Talk(70, _ => true);
        Assert.Equal((0.0, "SNDF"), log[0]);
        Assert.All(log.Zip(log.Skip(1)), pair => Assert.InRange(pair.Second.At - pair.First.At, 2.0, 2.15));
        Assert.Equal(3, log.Count(item => item.Said == "SNDA"));
        Assert.InRange(log.Count(item => item.Said == "SNDF"), 29, 32);
    }

    [Fact]
    public void AQuestionWithoutAnswerIsGivenUpAfterFiveSecondsWithAReset()
    {
        List<(double At, string Said)> log = Talk(30, _ => false);
        Assert.Equal(["SNDF", "RSET", "SNDF", "RSET", "SNDA", "RSET", "SNDF", "RSET"], log.Select(item => item.Said).Take(8));
        Assert.Equal(5, log[1].At, 0.11);
        Assert.Equal(5.5, log[2].At, 0.21);
    }

    [Fact]
    public void AVentilatorThatDoesNotKnowSndfIsReadBySndaAndAskedAgainLater()
    {
        List<(double At, string Said)> log = Talk(420, question => question == "SNDA");
        Assert.Equal(["SNDF", "RSET", "SNDF", "RSET", "SNDA", "SNDA", "SNDA"], log.Select(item => item.Said).Take(7));
        Assert.InRange(log.Count(item => item.Said == "SNDF"), 3, 5);
        Assert.InRange(log.Count(item => item.Said == "SNDA"), 180, 205);
    }

    [Fact]
    public void ASlowAnswerIsWaitedForAsLongAsBytesCome()
    {
        byte[] reply = Wire.Typical('F');
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        session.OnChunk(Wire.From(0), ear);
        for (int at = 0; at < reply.Length; at++)
        {
            session.OnChunk(Wire.From(1 + (at * 0.01), reply[at]), ear);
        }

        Assert.Equal("0.378", ear.Number("vt-exp"));
        Assert.Equal([Outgoing.AskExtended], ear.Sent);
    }

    [Fact]
    public void ADamagedAnswerIsFollowedByAResetAndAskedAgain()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Session();
        session.OnChunk(Wire.From(0), ear);
        session.OnChunk(Wire.From(1, "MISCF,1225,169 ,\u0002half\u0003\r"u8.ToArray()), ear);
        session.OnChunk(Wire.From(1.9), ear);
        Assert.Equal(["SNDF", "RSET"], Words(ear));
        session.OnChunk(Wire.From(2.1), ear);
        Assert.Equal(["SNDF", "RSET", "SNDF"], Words(ear));
    }

    [Fact]
    public void SilenceIsToldOnceAndTheReturnToo()
    {
        bool alive = true;
        var ear = new Ear(Wire.Driver);
        Talk(10, _ => alive, ear, out IDriverSession session);
        alive = false;
        Continue(session, ear, 10, 40, _ => alive);
        alive = true;
        Continue(session, ear, 40, 60, _ => alive);
        Assert.Equal([true, false, true], ear.Of<DeviceEvent.Link>().Select(link => link.Receiving));
        Assert.Contains(ear.Of<DeviceEvent.Missing>(), missing => missing.Cause == GapCause.LostMessage);
    }

    [Fact]
    public void NothingIsSentWhenListeningOrAfterTheEnd()
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession listening = Wire.Session(listenOnly: true);
        Continue(listening, ear, 0, 60, _ => true);
        IDriverSession ended = Wire.Session();
        ended.Stop(ear);
        Continue(ended, ear, 0, 20, _ => true);
        Assert.Empty(ear.Sent);
    }

    /// <summary>At 1200 baud a MISCF takes ten seconds; its numbers are not late before the next can be there.</summary>
    [Theory]
    [InlineData(9600, 6.9)]
    [InlineData(38400, 6)]
    [InlineData(1200, 34.1)]
    public void HowOftenANumberIsDueFollowsTheLine(int rate, double seconds)
    {
        var ear = new Ear(Wire.Driver);
        IDriverSession session = Wire.Driver.Open(new SessionOptions(Transport.Serial, ListenOnly: false, new LineSettings(rate)));
        session.OnChunk(Wire.From(0), ear);
        session.OnChunk(Wire.From(1, Wire.Typical('F')), ear);
        Assert.Equal(seconds, ear.Of<DeviceEvent.Numeric>().First().Metric.ExpectedEvery!.Value.TotalSeconds, 0.1);
    }

    private static string[] Words(Ear ear) => [.. ear.Sent.Select(bytes => Encoding.ASCII.GetString(bytes).TrimEnd('\r'))];

    private static List<(double At, string Said)> Talk(double seconds, Func<string, bool> answers) => Talk(seconds, answers, new Ear(Wire.Driver), out _);

    private static List<(double At, string Said)> Talk(double seconds, Func<string, bool> answers, Ear ear, out IDriverSession session)
    {
        session = Wire.Session();
        return Continue(session, ear, 0, seconds, answers);
    }

    /// <summary>A ventilator that answers after 0.8 s what it is willing to; the box ticks every 0.1 s.</summary>
    private static List<(double At, string Said)> Continue(IDriverSession session, Ear ear, double from, double to, Func<string, bool> answers)
    {
        var log = new List<(double At, string Said)>();
        (double At, byte[] Bytes)? pending = null;
        int known = ear.Sent.Count;
        for (int tick = (int)(from * 10); tick < to * 10; tick++)
        {
            double now = tick / 10.0;
            byte[] bytes = pending is { } due && due.At <= now ? due.Bytes : [];
            pending = bytes.Length > 0 ? null : pending;
            session.OnChunk(Wire.From(now, bytes), ear);
            foreach (byte[] sent in ear.Sent.Skip(known))
            {
                string word = Encoding.ASCII.GetString(sent).TrimEnd('\r');
                log.Add((now, word));
                pending = word != "RSET" && answers(word) ? (now + 0.8, Wire.Typical(word[^1])) : pending;
            }

            known = ear.Sent.Count;
        }

        return log;
    }
}
