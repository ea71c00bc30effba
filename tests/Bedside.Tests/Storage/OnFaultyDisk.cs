using Bedside.Storage.Disk;

namespace Bedside.Tests.Storage;

/// <summary>What the tasks of a store do on a disk that fails: they go on, and try again later.</summary>
internal static class OnFaultyDisk
{
    public static void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
            // It is tried again.
        }
    }

    public static async Task AttemptAsync(Func<ValueTask> action)
    {
        try
        {
            await action();
        }
        catch (IOException)
        {
            // It is tried again.
        }
    }

    /// <summary>Syncs where it is called, so that what happens depends on no thread.</summary>
    public static Task SyncAtOnce(IDiskFile file)
    {
        try
        {
            file.Sync();
            return Task.CompletedTask;
        }
        catch (IOException error)
        {
            return Task.FromException(error);
        }
    }
}
