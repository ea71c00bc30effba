using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Stays;

namespace Bedside.Host.Services;

/// <summary>Notes in the book of stays which keys the store began.</summary>
internal static class StayBinding
{
    /// <summary>Keys from before the book began are nobody's, as far as it knows; the current one is that of whoever is here. Throws the disk's errors.</summary>
    public static Task BindAsync(Store store, StayBook book, CancellationToken cancel)
    {
        StayId current = store.CurrentStay;
        StayId present = book.Keys.Count == 0 ? StayId.None : book.Present?.Stay ?? StayId.None;
        return book.BindAsync([.. store.ListStays().Where(key => key.Begun is not null).Select(key => new StayKey(key.Id, key.Begun!.Value, key.Id == current ? present : StayId.None))], cancel);
    }
}
