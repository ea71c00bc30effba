using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>
/// When the tail of this process begins: with its first block, but not before what the last process left is durable elsewhere,
/// and never without a mark of its own on the disk. It is of one stay: with another it begins anew, as soon as everything that is
/// not durable yet is of that one. For one task.
/// </summary>
internal sealed class TailKeeper(IDisk disk, IDisk place, StayKeys keys, HealthLog health, StoreOptions options, TimeProvider clock)
{
    private readonly Tail _tail = new(place, keys, health, options.TailBytes);
    private bool _wasTried;
    private bool _isLacking;
    private bool _isSaid;

    /// <summary>Number of the first block of this process.</summary>
    public required ulong FirstNumber { get; init; }

    public bool IsFull => _tail.IsFull;

    /// <summary>A kill now would cost no block that is older than its way here.</summary>
    public bool Holds => !_isLacking && (!_tail.IsOpen || _tail.Holds);

    /// <summary>Adds the last <paramref name="staged"/> of all blocks that are not durable.</summary>
    public void Append(ReadOnlySpan<PendingBlock> all, int staged, bool mayOpen)
    {
        if (all.IsEmpty)
        {
            _isLacking = false;
            return;
        }

        StayId stay = all[^1].Stay;
        bool isOfOneStay = all[0].Stay == stay;
        if (_tail.IsOpen && _tail.Stay == stay && isOfOneStay)
        {
            _tail.Append(all[^staged..]);
        }
        else if (mayOpen && isOfOneStay && !_wasTried)
        {
            _wasTried = true;
            if (NewMark() is { } mark && _tail.TryOpen(mark, FirstNumber, stay, UtcInstant.FromDateTime(clock.GetUtcNow())))
            {
                _tail.Append(all);
            }
        }

        _isLacking = !_tail.IsOpen || _tail.Stay != stay || !isOfOneStay;
    }

    public void Switch(ulong lastDurable)
    {
        _wasTried = false;
        _tail.Switch(lastDurable);
    }

    public void Settle() => _tail.Settle();

    public void Discard()
    {
        _tail.Discard();
        _wasTried = false;
    }

    public void Close() => _tail.Close();

    /// <summary>Null when the disk takes none, or not the keys that come before it.</summary>
    private ulong? NewMark()
    {
        try
        {
            keys.Save();
            ulong mark = LifeMark.Renew(disk);
            _isSaid = false;
            return mark;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            if (!_isSaid)
            {
                _isSaid = true;
                health.Failed($"until the disk takes the mark of this process, a kill costs as much as a power cut: {error.Message}");
            }

            return null;
        }
    }
}
