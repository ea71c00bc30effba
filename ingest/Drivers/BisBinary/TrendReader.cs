using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>What the processed values say, in three blocks: each channel, and both together as the monitor shows them.</summary>
internal sealed class TrendReader(Readout readout)
{
    /// <summary>One a second is usual; no source states it.</summary>
    private static readonly TimeSpan Expected = TimeSpan.FromSeconds(2);

    public void Take(in ProcessedValues values, IDriverOutput output)
    {
        for (int block = 0; block < ProcessedValues.Blocks; block++)
        {
            string channel = BisNomenclature.BlockCodes[block];
            foreach (TrendRow row in BisNomenclature.Trends)
            {
                TakeNumber(row, channel, row.IsLong ? values.LongTrend(block, row.At) : values.Trend(block, row.At), output);
            }

            Say("bits", channel, Hex(values.Part(block, BisNomenclature.BitsAt, 2)), output);
            Say("artefact", channel, Hex(values.Part(block, BisNomenclature.ArtefactAt, 4)), output);
            if (values.HasBursts)
            {
                TakeNumber(BisNomenclature.Bursts, channel, values.Trend(block, BisNomenclature.Bursts.At), output);
                Say("rest", channel, Hex(values.Part(block, BisNomenclature.RestAt, BisNomenclature.RestBytes)), output);
            }
        }

        for (int channel = 0; channel < 2; channel++)
        {
            TakeNumber(new TrendRow(0, "impedance", "", "", 0), BisNomenclature.BlockCodes[channel], values.Impedance(channel), output);
            Say("impedance-result", BisNomenclature.BlockCodes[channel], values.ImpedanceResult(channel).ToString(CultureInfo.InvariantCulture), output);
        }

        Say("setup", string.Empty, Hex(values.Setup), output);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);

    private void TakeNumber(TrendRow row, string channel, int value, IDriverOutput output)
    {
        string id = row.Id.Length > 0 && channel.Length == 0 ? row.Id : readout.RawId($"34{channel}", row.Name);
        Metric metric = readout.Metric(id, SignalKind.Numeric, $"34{channel}:{row.Name}", row.Unit, row.Name) with { ExpectedEvery = Expected };
        readout.Number(metric, value <= BisNomenclature.Invalid ? null : new Fixed(value, (sbyte)-row.Decimals), at: null, output);
    }

    private void Say(string name, string channel, string text, IDriverOutput output) =>
        readout.Text(readout.Metric(readout.RawId($"34{channel}", name), SignalKind.Text, $"34{channel}:{name}", string.Empty, name), text, at: null, output);
}
