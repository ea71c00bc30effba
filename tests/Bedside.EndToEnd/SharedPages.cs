namespace Bedside.EndToEnd;

/// <summary>Tests that share a bed and its browser: the pages of one test are gone before the next begins, whether it passed or not.</summary>
public abstract class SharedPages : IAsyncLifetime
{
    private protected abstract Browser Shared { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Shared.ClosePagesAsync();
}
