namespace MeteringGateway.Authentication;

internal static class AuthenticationRegistration
{
    public static IServiceCollection AddAuthenticationOfKeys(this IServiceCollection services) => services
        .AddSingleton<KeyDirectory>()
        .AddSingleton<KeyAuthenticator>()
        .AddSingleton<SessionDirectory>()
        .AddSingleton<OperatorToken>();
}
