namespace Bedside.Simulators.GeDatex;

/// <summary>
/// When which values are due. Kinds are independent of each other: 1 displayed, 2 trends of 10 s, 3 trends of 60 s. Trends flow only
/// while displayed values do and a patient's case is open. Times are the monitor's, ns.
/// </summary>
internal sealed class ValueSchedule
{
    public const byte Displayed = 1;
    public const byte Trend10 = 2;
    public const byte Trend60 = 3;
    public const byte Times = 4;
    private const long Second = 1_000_000_000;
    private const long BetweenSingles = 5 * Second;
    private const long FirstAfter = Second / 2;
    private const short LeastInterval = 5;
    private const short Single = -1;

    private readonly Subscription[] _subscriptions = [new(), new(), new(), new(), new()];
    private long _lastSingle = long.MinValue / 2;

    public void Forget()
    {
        foreach (Subscription subscription in _subscriptions)
        {
            subscription.Clear();
        }

        _lastSingle = long.MinValue / 2;
    }

    /// <summary>A request that makes no sense is ignored.</summary>
    public void Ask(DriRequest.Values request, long now)
    {
        if (request.Kind is < Displayed or > Times)
        {
            return;
        }

        Subscription subscription = _subscriptions[request.Kind];
        if (request.Kind == Times || request.Interval == Single)
        {
            if (request.Interval == Single && (request.Kind == Times || now - _lastSingle >= BetweenSingles))
            {
                _lastSingle = request.Kind == Times ? _lastSingle : now;
                (subscription.SingleAt, subscription.SingleClasses) = (now + FirstAfter, request.Classes);
            }
        }
        else if (request.Interval == 0)
        {
            subscription.Period = 0;
        }
        else if (request.Kind != Displayed || request.Interval >= LeastInterval)
        {
            subscription.Period = request.Kind switch { Trend10 => 10 * Second, Trend60 => 60 * Second, _ => request.Interval * Second };
            subscription.Classes = request.Classes;
            subscription.Next = now + (request.Kind == Displayed ? FirstAfter : subscription.Period);
        }
    }

    /// <summary>When something is due next.</summary>
    public long Due => _subscriptions.Min(one => Math.Min(one.SingleAt, one.Period > 0 ? one.Next : long.MaxValue));

    /// <summary>Takes one of the kinds that are due, with the classes asked for.</summary>
    public (byte Kind, uint Classes)? Next(long now, bool caseIsOpen)
    {
        for (byte kind = Displayed; kind <= Times; kind++)
        {
            Subscription one = _subscriptions[kind];
            if (one.SingleAt <= now)
            {
                one.SingleAt = long.MaxValue;
                return (kind, one.SingleClasses);
            }

            if (one.Period > 0 && one.Next <= now)
            {
                one.Next += one.Period;
                if (kind == Displayed || (caseIsOpen && _subscriptions[Displayed].Period > 0))
                {
                    return (kind, one.Classes);
                }
            }
        }

        return null;
    }

    private sealed class Subscription
    {
        /// <summary>0 = not asked for.</summary>
        public long Period { get; set; }

        public uint Classes { get; set; }

        public long Next { get; set; }

        public long SingleAt { get; set; } = long.MaxValue;

        public uint SingleClasses { get; set; }

        public void Clear() => (Period, SingleAt) = (0, long.MaxValue);
    }
}
