using MeteringGateway.Ledger.Background;
using MeteringGateway.Sales.Payments;
using Npgsql;

namespace MeteringGateway.Sales.Subscriptions;

/// <summary>
/// Tells providers which subscriptions are to end and which are to go on. It is written down first: a provider that can't be told now would
/// go on charging, and is told as soon as it can be. Any number of gateways may do it at once.
/// </summary>
internal sealed class SubscriptionEndings(NpgsqlDataSource database, PaymentChannels channels, ILogger<SubscriptionEndings> logger)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private const int PageSize = 100;

    private static readonly string s_list = SqlFile.Read("Sales/Subscriptions/list-untold.sql");
    private static readonly string s_noteTold = SqlFile.Read("Sales/Subscriptions/note-told.sql");

    /// <summary>Those of one account; null: all.</summary>
    public Task TellAsync(long? accountId, CancellationToken cancellationToken) => Sweep.RunAsync(
        default(Place),
        after => database.QueryAsync<UntoldEnding>(s_list, new { after = after.Id, accountId, limit = PageSize }, cancellationToken),
        ending => new Place(ending.Id),
        ending => TellOfAsync(ending, cancellationToken),
        logger,
        cancellationToken);

    private async Task TellOfAsync(UntoldEnding ending, CancellationToken cancellationToken)
    {
        if (channels.Find(ending.Channel) is not ISubscriptionProvider provider
            || !await provider.TellAsync(ending.ProviderId, ending.Wish, cancellationToken))
        {
            logger.LogWarning(
                "The payment provider {Channel} could not be told that subscription {Subscription} {Change}",
                ending.Channel, ending.Id, ending.IsEnding ? "is to end" : "goes on");
            return;
        }

        await database.ExecuteAsync(s_noteTold, new { id = ending.Id, isEnding = ending.IsEnding }, cancellationToken);
    }

    private readonly record struct Place(long Id);

    private sealed record UntoldEnding
    {
        public long Id { get; init; }
        public required string Channel { get; init; }
        public required string ProviderId { get; init; }
        public bool IsEnding { get; init; }
        public bool IsOver { get; init; }

        public SubscriptionWish Wish =>
            !IsEnding ? SubscriptionWish.GoesOn : IsOver ? SubscriptionWish.EndsNow : SubscriptionWish.EndsWithWhatIsPaid;
    }
}
