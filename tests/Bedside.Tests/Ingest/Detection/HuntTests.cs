using System.Text.Json;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.Detection;

public class HuntTests
{
    private static readonly LineSettings Odd = new(9600, 8, LineParity.Even);

    private readonly ManualTime _time = new();
    private readonly EchoDriver _fast = new("fast", 0xA5);
    private readonly EchoDriver _slow = new("slow", 0xC3) { Lines = [new(19200, 8, LineParity.Even), Odd, new(19200), new(38400, 8, LineParity.Even), new(38400)] };

    [Fact]
    public void ADeviceThatOnlyAnswersAtOneRateIsFoundThereWithinTenSeconds()
    {
        foreach (LineSettings line in _slow.Lines)
        {
            var time = new ManualTime();
            var device = new ScriptedLine(time, line) { Answer = asked => asked.SequenceEqual(_slow.Question) ? [.. _slow.Frame(3), .. _slow.Frame(7)] : null };
            HuntResult result = Look(device, time);

            Assert.Equal(new Candidate(_slow, line), result.Found);
            Assert.Equal(line, device.Tuned[^1]);
            Assert.Empty(result.Heard);
            Assert.InRange(time.GetTimestamp(), 0, TimeSpan.FromSeconds(10).Ticks);
        }
    }

    [Fact]
    public void ADeviceThatSpeaksUnaskedIsFoundWithoutAWordAndItsWordsAreKept()
    {
        var device = new ScriptedLine(_time, Odd) { Chatter = () => _slow.Frame(9) };
        HuntResult result = Look(device, _time);

        Assert.Equal(new Candidate(_slow, Odd), result.Found);
        Assert.Empty(device.Sent);
        Assert.Equal(2, result.Heard.Count);
        Assert.Equal(_slow.Frame(9), result.Heard[0].Bytes.ToArray());
    }

    [Fact]
    public void FramingErrorsEndTheTrialOfAWrongSpeedAtOnce()
    {
        var device = new ScriptedLine(_time, Odd) { Chatter = () => _slow.Frame(9) };
        HuntResult result = Look(device, _time);

        Assert.All(result.Trials.SkipLast(1), trial => Assert.Equal((4L, 4), (trial.Bytes, trial.FramingErrors)));
        Assert.Equal(0, result.Trials[^1].FramingErrors);
    }

    [Fact]
    public void AnAnswerOfOneMessageIsAskedForAgainUntilItIsSure()
    {
        var device = new ScriptedLine(_time, Odd) { Answer = asked => asked.SequenceEqual(_slow.Question) ? _slow.Frame(5) : null };
        Assert.Equal(new Candidate(_slow, Odd), Look(device, _time).Found);
    }

    [Fact]
    public void WhatWasRightBeforeIsTriedFirst()
    {
        var device = new ScriptedLine(_time, Odd) { Answer = _ => [.. _slow.Frame(3), .. _slow.Frame(7)] };
        HuntResult result = new Hunt(Options() with { KnownGood = new Candidate(_slow, Odd) }, _time).Run(device, CancellationToken.None);

        Assert.Equal([Odd, Odd], device.Tuned);
        Assert.Single(device.Sent);
        Assert.Equal(Odd, result.Found?.Line);
        Assert.InRange(_time.GetTimestamp(), 0, TimeSpan.FromSeconds(2).Ticks);
    }

    [Fact]
    public void SilenceIsSaidWithWhatToCheckAndTakesAtMostTenSeconds()
    {
        var device = new ScriptedLine(_time);
        HuntResult result = Look(device, _time);

        Assert.Null(result.Found);
        Assert.StartsWith("Nothing is heard.", result.Finding.English, StringComparison.Ordinal);
        Assert.Equal(7, device.Sent.Count);
        Assert.InRange(_time.GetTimestamp(), 0, TimeSpan.FromSeconds(10).Ticks);
    }

    [Fact]
    public void AListeningPortNeverAsks()
    {
        var device = new ScriptedLine(_time, Odd);
        HuntResult result = new Hunt(Options() with { ListenOnly = true }, _time).Run(device, CancellationToken.None);

        Assert.Empty(device.Sent);
        Assert.Equal(6, result.Trials.Count);
    }

    [Fact]
    public void ALoopedCableIsNotTakenForADevice()
    {
        var loop = new ScriptedLine(_time) { AnySpeed = true, Answer = asked => asked };

        Assert.StartsWith("The box hears its own words", Look(loop, _time).Finding.English, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownDeviceIsSaidToBeUnknown()
    {
        var device = new ScriptedLine(_time, new LineSettings(115200)) { Chatter = () => "HELLO"u8.ToArray() };
        string sentence = Look(device, _time).Finding.English;
        Assert.Contains("at 115200 8N1, but no driver of this version knows it", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownSpeedIsSaidToBeUnknown()
    {
        var device = new ScriptedLine(_time, new LineSettings(57600)) { Chatter = () => "HELLO"u8.ToArray() };
        Assert.Contains("at no known speed", Look(device, _time).Finding.English, StringComparison.Ordinal);
    }

    [Fact]
    public void TheReportNamesTheDeviceAndSurvivesJson()
    {
        var device = new ScriptedLine(_time, Odd) { Answer = asked => asked.SequenceEqual(_slow.Question) ? [.. _slow.Frame(2), .. _slow.Frame(1)] : null };
        var introducing = new EchoDriver("slow", 0xC3) { Lines = _slow.Lines, Opening = _slow.Question };
        PortOptions options = new("bench", Transport.Serial, () => device) { Drivers = [_fast, introducing] };

        DetectionReport report = new Detector(options, _time).Run(CancellationToken.None);

        Assert.Equal(("recognised", "slow", "9600 8E1", "slow"), (report.State, report.Driver, report.Line, report.Identity?.Model));
        Assert.True(device.Disposed);
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(report));
        Assert.Equal("slow", json.RootElement.GetProperty("Driver").GetString());
    }

    [Fact]
    public void APortThatCannotBeOpenedIsReportedAndNotThrown()
    {
        PortOptions options = new("bench", Transport.Serial, () => throw new IOException("It is in use."));
        DetectionReport report = new Detector(options, _time).Run(CancellationToken.None);
        Assert.Equal(("unavailable", "It is in use."), (report.State, report.Finding.English));
    }

    private HuntResult Look(ScriptedLine device, ManualTime time) => new Hunt(Options(), time).Run(device, CancellationToken.None);

    private HuntOptions Options() => new(Transport.Serial) { Drivers = [_fast, _slow] };
}
