using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Stays;

namespace Bedside.Host.Services;

/// <summary>The book of stays among the services of a box.</summary>
internal static class StayServices
{
    /// <summary>
    /// <see cref="StayBook"/>, <see cref="IStayDesk"/>, and what watches them. <paramref name="personOf"/>: whose number stands on a wristband; without it nobody's is known.
    /// The container closes the book, and does so before the store is closed.
    /// </summary>
    public static IServiceCollection AddStays(this IServiceCollection services, Store store, StaySettings settings, Func<IServiceProvider, Func<string, PersonToken>>? personOf = null) =>
        services
            .AddSingleton(provider => store.OpenStays(settings, personOf?.Invoke(provider)))
            .AddSingleton<IStayDesk>(provider => provider.GetRequiredService<StayBook>())
            .AddSingleton<IStayEraser>(provider => new StayErasure(store, provider.GetRequiredService<StayBook>(), () => provider.GetService<VaultPlace>()?.OpenIfThere()))
            .AddHostedService<StayWatch>();
}
