namespace Bedside.Simulators.Philips;

/// <summary>What is plugged in, what is in order and what is wrong, asked for each object of each cycle.</summary>
internal sealed class Conditions(FaultSchedule faults, bool demo)
{
    private const ushort TransducerDisconnected = 336;
    private const ushort LeadsOff = 274;
    private const ushort Ecg = 0x0100;

    public FaultSchedule Faults { get; } = faults;

    public bool IsPresent(MeasuredObject measured) =>
        (measured.Module != BedsideObjects.PressureModule || !Faults.Active(MonitorFaults.ModuleUnplug))
        && !MonitorFaults.Withdrawn.Any(one => one.Texts.Contains(measured.Text, StringComparer.Ordinal) && Faults.Active(one.Fault));

    public MeasurementState State(MeasuredObject measured)
    {
        MeasurementState state = demo ? MeasurementState.Demo : MeasurementState.Valid;
        bool fromEcg = measured is WaveObject { IsEcg: true } || measured.Handle == BedsideObjects.HeartRate.Handle;
        if (fromEcg && Faults.Active(MonitorFaults.LeadsOff))
        {
            state |= MeasurementState.Invalid;
        }

        return Faults.Active(MonitorFaults.Invalid) ? state | Disturbed(measured.Label) : state;
    }

    /// <summary>The technical alarms that go with what is wrong.</summary>
    public IEnumerable<Alarm> Alarms(Language language)
    {
        if (Faults.Active(MonitorFaults.ModuleUnplug))
        {
            yield return new Alarm(0x4A14, TransducerDisconnected, Alarm.TechnicalMedium, $"!! {language.Of("ABP")} NO TRANSDUCER")
            {
                Object = (ObjectClass.Numeric, BedsideObjects.ArterialPressure.Context, BedsideObjects.ArterialPressure.Handle),
            };
        }

        if (Faults.Active(MonitorFaults.LeadsOff))
        {
            yield return new Alarm(Ecg, LeadsOff, Alarm.TechnicalMedium, "!! ECG LEADS OFF")
            {
                Object = (ObjectClass.Wave, BedsideObjects.Server, BedsideObjects.EcgHandle),
            };
        }
    }

    private static MeasurementState Disturbed(uint label) => label switch
    {
        0x00024A14 => MeasurementState.Invalid,
        0x00024BB8 or 0x00024BB4 => MeasurementState.Questionable,
        0x0002500A or 0x00025000 => MeasurementState.Unavailable,
        0x00024B60 => MeasurementState.Calibrating,
        _ => MeasurementState.Valid,
    };
}
