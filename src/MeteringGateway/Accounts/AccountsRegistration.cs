using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeteringGateway.Accounts;

internal static class AccountsRegistration
{
    /// <summary>Register a <see cref="BooksFlush"/> before this to have balances flushed ahead of a read.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.TryAddSingleton<BooksFlush>(static (_, _) => Task.CompletedTask);
        return services
            .AddSingleton<AccountStore>()
            .AddSingleton<ManualCreditStore>()
            .AddSingleton<ManualCreditFlow>()
            .AddHostedService<ManualCreditSweeper>();
    }
}
