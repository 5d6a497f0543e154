namespace MeteringGateway.Accounts.Notices;

internal static class NoticesRegistration
{
    /// <summary>After AddAccounts, with the data source from elsewhere.</summary>
    public static IServiceCollection AddNotices(this IServiceCollection services) => services
        .AddSingleton<NoticeStore>()
        .AddSingleton<WebhookStore>()
        .AddSingleton<WebhookSecret>()
        .AddSingleton<WebhookTarget>()
        .AddSingleton<WebhookClient>()
        .AddSingleton<WebhookHandlers>()
        .AddHostedService<CrossingWatcher>()
        .AddHostedService<WebhookSender>();
}
