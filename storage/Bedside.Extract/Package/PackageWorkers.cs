using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Bedside.Extract.Package;

/// <summary>Does independent pieces of work on a few threads of their own, each of less priority than anything that captures.</summary>
public static partial class PackageWorkers
{
    private const int OfThread = 0;

    /// <summary>setpriority(2): 0 is everybody, 19 the least.</summary>
    private const int Niceness = 10;

    /// <summary>Begins the work in the order given and returns when all is done. Of several that fail, the first error is thrown; what has not begun then never does.</summary>
    public static void Run(int workers, IReadOnlyList<Action> work)
    {
        int next = -1;
        ExceptionDispatchInfo? failed = null;
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(workers, work.Count)).Select(_ => new Thread(Work) { IsBackground = true, Name = "package" })];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        failed?.Throw();

        void Work()
        {
            // A system that refuses goes on as it was: politeness is no reason to fail.
            _ = SetPriority(OfThread, 0, Niceness);
            while (Volatile.Read(ref failed) is null && Interlocked.Increment(ref next) is int place && place < work.Count)
            {
                try
                {
                    work[place]();
                }
                catch (Exception error)
                {
                    _ = Interlocked.CompareExchange(ref failed, ExceptionDispatchInfo.Capture(error), comparand: null);
                }
            }
        }
    }

    /// <summary>One piece of work on a thread of its own, of less priority too; what it throws, the task has.</summary>
    public static Task<T> AsideAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Work) { IsBackground = true, Name = "package" }.Start();
        return done.Task;

        void Work()
        {
            _ = SetPriority(OfThread, 0, Niceness);
            try
            {
                done.SetResult(work());
            }
            catch (OperationCanceledException cancelled)
            {
                done.SetCanceled(cancelled.CancellationToken);
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int priority);
}
