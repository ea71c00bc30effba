using Bedside.Host.Services;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Tests.Simulators;

namespace Bedside.Tests.Services;

/// <summary>Signals of a patient come, or have stopped coming.</summary>
public sealed class SignalPresenceTests
{
    private static readonly UtcInstant Start = new(1_790_000_000_000_000_000);
    private readonly ManualTime _time = new();

    [Fact]
    public void They_began_with_the_first_once_they_have_come_for_half_a_minute()
    {
        SignalPresence presence = Silent();
        Assert.Null(Hear(presence, 0, 29));
        StayEvent began = Assert.IsType<StayEvent>(Hear(presence, 30, 31));
        Assert.Equal((StayEventKind.SignalsBegan, Start), (began.Kind, began.Happened));
        Assert.Null(Hear(presence, 32, 100));
    }

    [Fact]
    public void A_burst_now_and_then_is_no_patient()
    {
        SignalPresence presence = Silent();
        for (int burst = 0; burst < 20; burst++)
        {
            Assert.Null(Hear(presence, burst * 90, (burst * 90) + 10));
            _time.Pass(TimeSpan.FromSeconds(79));
        }
    }

    [Fact]
    public void They_ended_with_the_last_after_ten_minutes_without_any()
    {
        SignalPresence presence = Silent();
        _ = Hear(presence, 0, 60);
        _time.Pass(TimeSpan.FromMinutes(9));
        Assert.Null(presence.Look());
        _time.Pass(TimeSpan.FromMinutes(2));
        StayEvent ended = Assert.IsType<StayEvent>(presence.Look());
        Assert.Equal((StayEventKind.SignalsEnded, Start.Add(60_000_000_000)), (ended.Kind, ended.Happened));
        Assert.Null(presence.Look());
    }

    [Fact]
    public void After_a_start_the_silence_before_it_counts()
    {
        var presence = new SignalPresence(_time, come: true, Start, TimeSpan.FromMinutes(6));
        Assert.Null(presence.Look());
        _time.Pass(TimeSpan.FromMinutes(4));
        Assert.Equal(Start, presence.Look()!.Happened);
    }

    [Theory]
    [InlineData("hr", SignalKind.Numeric, Validity.Valid, true)]
    [InlineData("hr", SignalKind.Numeric, Validity.Invalid, false)]
    [InlineData("set-peep", SignalKind.Setting, Validity.Valid, false)]
    [InlineData("bedside/clock-drift", SignalKind.Numeric, Validity.Valid, false)]
    public void Only_usable_values_of_a_patients_device_count(string id, SignalKind kind, Validity validity, bool counts)
    {
        var signal = new Signal(new SignalNumber(1), id, "device", new Metric { SignalId = id, Kind = kind, Unit = "1" });
        var block = new NumericBlock { Signal = signal.Number, Start = Start, Readings = [new NumericReading(Start, new Fixed(70, 0), validity, DeviceNanoseconds: null)] };
        Assert.Equal(counts, SignalPresence.IsOfPatient(block, _ => signal));
    }

    private SignalPresence Silent() => new(_time, come: false, new UtcInstant(long.MinValue), TimeSpan.Zero);

    /// <summary>One value a second; the last thing that was to be said.</summary>
    private StayEvent? Hear(SignalPresence presence, int from, int to)
    {
        StayEvent? said = null;
        for (int second = from; second <= to; second++)
        {
            _time.Pass(TimeSpan.FromSeconds(1));
            presence.Hear(Start.Add(second * 1_000_000_000L));
            said = presence.Look() ?? said;
        }

        return said;
    }
}
