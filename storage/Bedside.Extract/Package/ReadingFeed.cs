using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>Readings and coded states of the signals of a stay that are no waves.</summary>
internal static class ReadingFeed
{
    /// <summary>Writes the readings of one signal, thinned where fewer were asked for; gaps, clock and states go to the notes.</summary>
    public static SignalNotes Write(PackagedSignal signal, PackageStay stay, StayTime time, NumericsFile file, Action<UtcInstant> at, CancellationToken cancel)
    {
        var listener = new SignalListener(signal, stay, time);
        Thinning? thinning = signal.Hertz is double hertz ? new Thinning(hertz, stay.Admitted) : null;
        foreach (Block block in stay.Source(signal.Source.Number, stay.From, stay.To))
        {
            cancel.ThrowIfCancellationRequested();
            at(block.Start);
            listener.Take(block);
            switch (block)
            {
                case NumericBlock numerics:
                    foreach (NumericReading reading in numerics.Readings.Where(one => one.Time >= stay.From && one.Time < stay.To))
                    {
                        Give(thinning is null ? reading : thinning.Take(reading));
                    }

                    break;
                case TextBlock state when state.Start >= stay.From && state.Start < stay.To:
                    TakeState(listener.Notes, signal, stay, time.Text(state.Start), state);
                    break;
            }
        }

        Give(thinning?.End());
        listener.Notes.Dictionary.Add(DictionaryRow.Of(signal));
        return listener.Notes;

        void Give(NumericReading? reading)
        {
            if (reading is NumericReading there)
            {
                file.Take(signal, there);
            }
        }
    }

    /// <summary>A state leaves as a code of the nomenclature or not at all: its words are the device's.</summary>
    private static void TakeState(SignalNotes notes, PackagedSignal signal, PackageStay stay, string time, TextBlock state)
    {
        if (Nomenclature.Shipped.ByCode(state.Code) is { } entry)
        {
            notes.States.Add([stay.Stay, time, signal.Name, signal.Device.Name, entry.Code, entry.CodeName, Spelling.Of(state.Validity)]);
        }
    }
}
