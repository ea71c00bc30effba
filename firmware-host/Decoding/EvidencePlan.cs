using Bedside.Host.Commands;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;

namespace Bedside.Host.Decoding;

/// <summary>What of the ring is to be decoded, and from where: a driver knows what its device's bytes mean only from the beginning of their conversation on.</summary>
/// <param name="Port">Its name, as the ring has it.</param>
/// <param name="From">First instant that is wanted.</param>
/// <param name="To">The instant behind the last.</param>
/// <param name="Begin">Where decoding begins: where the driver was opened last before <paramref name="From"/>, or where the ring begins.</param>
/// <param name="Driver">That was recognised on the port then; empty = none was.</param>
/// <param name="Device">Under which its data are kept; empty = nothing was recognised.</param>
internal sealed record EvidencePlan(string Port, UtcInstant From, UtcInstant To, UtcInstant Begin, string Driver, string Device)
{
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    /// <summary>Reads the ring once. The interval is narrowed to what the ring has of the port. Throws <see cref="CommandFailedException"/>.</summary>
    public static EvidencePlan Make(Store store, string port, UtcInstant? from, UtcInstant? to)
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        var found = new Search(from ?? Ever, to ?? Never);
        foreach (EvidenceEntry entry in store.ReadEvidence(Ever, to ?? Never))
        {
            if (entry.Port != EvidencePort.Every)
            {
                seen.Add(entry.Port.Name);
            }

            if (IsCalled(entry.Port.Name, port) || entry.Port == EvidencePort.Every)
            {
                found.See(entry);
            }
        }

        string[] same = [.. seen.Where(name => IsCalled(name, port))];
        if (same.Length != 1 || found.First is not { } first || found.Last is not { } last)
        {
            throw new CommandFailedException(
                seen.Count == 0 ? "there is no evidence in this store; bedside run keeps it unless --evidence-budget is 0."
                : same.Length > 1 ? $"{port} may be {string.Join(" or ", same)}; write the whole name."
                : same.Length == 0 ? $"there is no evidence of {port}; there is of {string.Join(", ", seen)}."
                : $"there is no evidence of {same[0]} in that interval; bedside evidence list says which there is.");
        }

        UtcInstant begin = found.Begin is { } known && known < first ? known : first;
        return new EvidencePlan(same[0], from is { } wanted && wanted > first ? wanted : first, to ?? last.Add(1), begin, found.Driver, found.Device);
    }

    /// <summary>By its whole name, or by the last part of it.</summary>
    private static bool IsCalled(string name, string wanted) => name == wanted || name.EndsWith("/" + wanted, StringComparison.Ordinal);

    private sealed class Search(UtcInstant from, UtcInstant to)
    {
        private string _driver = string.Empty;
        private UtcInstant? _heard;

        /// <summary>First of the port in the interval.</summary>
        public UtcInstant? First { get; private set; }

        public UtcInstant? Last { get; private set; }

        /// <summary>Where the conversation began that goes on at <see cref="First"/>.</summary>
        public UtcInstant? Begin { get; private set; }

        /// <summary>The last that was recognised in the interval.</summary>
        public string Driver { get; private set; } = string.Empty;

        public string Device { get; private set; } = string.Empty;

        public void See(EvidenceEntry entry)
        {
            if (entry.Utc >= to)
            {
                return;
            }

            if (entry.Kind == EvidenceKind.Opened || entry is { Kind: EvidenceKind.Hole, Loss: EvidenceLoss.Restart } || entry.Port.Driver != _driver)
            {
                bool isRecognised = entry.Port.Driver.Length > 0 && _driver.Length == 0 && entry.Kind != EvidenceKind.Opened;
                if (entry.Utc <= from || First is null)
                {
                    // What was heard while the driver was looked for belongs to its conversation.
                    Begin = isRecognised ? _heard ?? entry.Utc : entry.Utc;
                }

                _heard = entry.Port.Driver.Length == 0 ? entry.Utc : null;
                _driver = entry.Port.Driver;
            }

            Begin ??= entry.Utc;
            if (entry.Utc >= from && entry.Kind != EvidenceKind.Hole)
            {
                First ??= entry.Utc;
                Last = entry.Utc;
                (Driver, Device) = entry.Port.Driver.Length > 0 ? (entry.Port.Driver, entry.Port.Device) : (Driver, Device);
            }
        }
    }
}
