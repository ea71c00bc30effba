using System.Net;

namespace Bedside.Simulators;

/// <summary>What a cable makes of the bytes: it loses, doubles and turns some, adds others, or is out. Its faults have the same names with every device.</summary>
internal sealed class NoisyCable(IPort port, FaultSchedule faults, SimulationClock clock, int seed) : IPort
{
    public const string Garbage = "garbage";
    public const string DropBytes = "drop-bytes";
    public const string FlipBits = "flip-bits";
    public const string DoubleBytes = "double-bytes";
    public const string Silence = "silence";

    private const int OneIn = 500;
    private const long GarbageEvery = 200_000_000;

    private readonly Random _random = new(seed);
    private long _nextGarbage;

    /// <summary>What may go wrong with the cable of any device; <paramref name="said"/> is what the garbage comes between.</summary>
    public static IEnumerable<FaultKind> Faults(string said, string whileOut = "nothing either way") =>
    [
        new(Garbage, 30, 3, $"bursts of random bytes between and inside {said}"),
        new(DropBytes, 30, 10, "one byte in five hundred is lost"),
        new(FlipBits, 30, 10, "one byte in five hundred has a wrong bit"),
        new(DoubleBytes, 30, 10, "one byte in five hundred comes twice"),
        new(Silence, 30, 15, $"the cable is out: {whileOut}"),
    ];

    public bool IsOut => faults.Active(Silence);

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        if (IsOut)
        {
            return;
        }

        var heard = new List<byte>(bytes.Length + 40);
        foreach (byte one in bytes)
        {
            if (faults.Active(DropBytes) && _random.Next(OneIn) == 0)
            {
                continue;
            }

            bool flipped = faults.Active(FlipBits) && _random.Next(OneIn) == 0;
            heard.Add(flipped ? (byte)(one ^ (1 << _random.Next(8))) : one);
            if (faults.Active(DoubleBytes) && _random.Next(OneIn) == 0)
            {
                heard.Add(one);
            }
        }

        port.Send(heard.ToArray(), to);
    }

    /// <summary>Adds a burst of noise when one is due.</summary>
    public void Advance()
    {
        if (faults.Active(Garbage) && !IsOut && clock.Now >= _nextGarbage)
        {
            _nextGarbage = clock.Now + GarbageEvery;
            byte[] noise = new byte[_random.Next(3, 40)];
            _random.NextBytes(noise);
            port.Send(noise, to: null);
        }
    }
}
