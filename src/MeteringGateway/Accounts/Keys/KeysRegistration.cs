namespace MeteringGateway.Accounts.Keys;

internal static class KeysRegistration
{
    /// <summary>After AddAccounts, with the data source, the credit store and the surfaces from elsewhere.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services) => services
        .AddSingleton<KeyStore>()
        .AddSingleton<MemberKeys>()
        .AddSingleton<KeyHandlers>()
        .AddHostedService<ConfigurationSync>();
}
