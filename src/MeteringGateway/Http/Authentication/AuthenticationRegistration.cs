namespace MeteringGateway.Http.Authentication;

internal static class AuthenticationRegistration
{
    public static IServiceCollection AddAuthenticationOfKeys(this IServiceCollection services) => services
        .AddSingleton<KeyDirectory>()
        .AddSingleton<KeyAuthenticator>()
        .AddSingleton<SessionDirectory>()
        .AddSingleton<AccountStatus>()
        .AddSingleton<OperatorToken>();

    /// <summary>After AddAuthenticationOfKeys: what the account APIs accept beside keys.</summary>
    public static IServiceCollection AddAuthenticationOfAccounts(this IServiceCollection services) => services
        .AddSingleton<TokenIntrospection>()
        .AddSingleton<AccountAuthenticator>();
}
