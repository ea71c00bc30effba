namespace Bedside.Model.Stays;

/// <summary>Old number to surviving number, followed in chains: A to B, B to C makes A, B and C one, under C. A circle is refused.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<UInt128, UInt128> _next = [];

    /// <summary>False when it would close a circle; saying the same again changes nothing.</summary>
    public bool TryMerge(UInt128 old, UInt128 survivor)
    {
        if (old == 0 || survivor == 0 || old == survivor)
        {
            return true;
        }

        UInt128 from = Find(old);
        UInt128 to = Find(survivor);
        if (from == to)
        {
            return !Passes(survivor, old);
        }

        _next[from] = to;
        return true;
    }

    public UInt128 Find(UInt128 number)
    {
        while (_next.TryGetValue(number, out UInt128 next))
        {
            number = next;
        }

        return number;
    }

    private bool Passes(UInt128 from, UInt128 through)
    {
        while (from != through)
        {
            if (!_next.TryGetValue(from, out from))
            {
                return false;
            }
        }

        return true;
    }
}
