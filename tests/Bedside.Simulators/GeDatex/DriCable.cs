using System.Net;

namespace Bedside.Simulators.GeDatex;

/// <summary>What the cable makes of the monitor's bytes.</summary>
internal sealed class DriCable(Simulation simulation) : IPort
{
    private const long GarbageEvery = 200_000_000;

    private readonly Random _random = new(unchecked((int)simulation.Patient.Seed));
    private long _nextGarbage;

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        FaultSchedule faults = simulation.Faults;
        if (faults.Active(DriFaults.Silence))
        {
            return;
        }

        var sent = new List<byte>(bytes.Length);
        foreach (byte one in bytes)
        {
            if (faults.Active(DriFaults.DropBytes) && _random.Next(200) == 0)
            {
                continue;
            }

            bool flipped = faults.Active(DriFaults.FlipBits) && _random.Next(200) == 0;
            sent.Add(flipped ? (byte)(one ^ (1 << _random.Next(8))) : one);
            if (faults.Active(DriFaults.DoubleBytes) && _random.Next(200) == 0)
            {
                sent.Add(one);
            }
        }

        AddGarbage(sent);
        simulation.Port.Send(sent.ToArray(), to);
    }

    private void AddGarbage(List<byte> sent)
    {
        long now = simulation.Clock.Now;
        if (!simulation.Faults.Active(DriFaults.Garbage) || now < _nextGarbage)
        {
            return;
        }

        _nextGarbage = now + GarbageEvery;
        byte[] noise = new byte[_random.Next(3, 40)];
        _random.NextBytes(noise);
        sent.AddRange(noise);
    }
}
