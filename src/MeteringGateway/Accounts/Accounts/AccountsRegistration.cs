using MeteringGateway.Accounts.Payouts;

namespace MeteringGateway.Accounts.Accounts;

internal static class AccountsRegistration
{
    /// <summary>After AddLedger, with the data source and the credit store from elsewhere.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services
        .AddSingleton<AccountStore>()
        .AddSingleton<AccountSearch>()
        .AddSingleton<ManualCreditStore>()
        .AddHostedService<EmailKeys>()
        .AddPayouts<ManualCreditFlow, ManualCreditRow>("Finishing manual credits");
}
