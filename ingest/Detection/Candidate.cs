using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Ingest.Detection;

/// <summary>A driver and the line settings under which it may speak to the device; no line on a network.</summary>
public sealed record Candidate(IDriver Driver, LineSettings? Line)
{
    /// <summary>
    /// Everything to try: first what was right before (unless its driver is not among these: the site has turned it off since), then drivers whose devices have this USB identity, then each driver's best line in
    /// the order of the catalogue, then each one's second best, and so on.
    /// </summary>
    public static IReadOnlyList<Candidate> Of(IReadOnlyList<IDriver> drivers, Transport transport, Candidate? knownGood, string usbId = "")
    {
        var all = new List<Candidate>();
        if (knownGood is not null && drivers.Contains(knownGood.Driver))
        {
            all.Add(knownGood);
        }

        if (transport != Transport.Serial)
        {
            all.AddRange(drivers.Where(driver => driver.Traits.NetworkPort > 0).Select(driver => new Candidate(driver, Line: null)));
            return [.. all.Distinct()];
        }

        if (usbId.Length > 0)
        {
            all.AddRange(drivers.Where(driver => driver.Traits.UsbIds.Contains(usbId)).SelectMany(driver => driver.Traits.Lines.Select(line => new Candidate(driver, line))));
        }

        int most = drivers.Select(driver => driver.Traits.Lines.Count).DefaultIfEmpty(0).Max();
        for (int rank = 0; rank < most; rank++)
        {
            all.AddRange(drivers.Where(driver => driver.Traits.Lines.Count > rank).Select(driver => new Candidate(driver, driver.Traits.Lines[rank])));
        }

        return [.. all.Distinct()];
    }
}

/// <summary>What one set of line settings, with or without a question, brought.</summary>
/// <param name="Line">As engineers write it; empty on a network.</param>
/// <param name="Asked">Names of the drivers whose questions were sent, with commas; empty = only listened.</param>
/// <param name="Bytes">How many came.</param>
/// <param name="FramingErrors">How many of them were no characters under these settings (framing, parity, breaks); null = the port does not count.</param>
public sealed record Trial(string Line, string Asked, long Bytes, int? FramingErrors);

/// <summary>What came of looking for a device.</summary>
/// <param name="Found">Null = no driver knows what is there, if anything.</param>
/// <param name="Heard">What the recognised device said unasked, for its session; empty if it had to be asked.</param>
/// <param name="Trials">What was tried, in order.</param>
/// <param name="Finding">What the box hears and what to do, for whoever stands at the bed.</param>
public sealed record HuntResult(Candidate? Found, IReadOnlyList<Chunk> Heard, IReadOnlyList<Trial> Trials, Finding Finding);
