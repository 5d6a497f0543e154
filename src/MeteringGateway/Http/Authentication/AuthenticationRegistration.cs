namespace MeteringGateway.Http.Authentication;

internal static class AuthenticationRegistration
{
    /// <summary>Every kind of credential. The framework has an <c>AddAuthentication</c> of its own.</summary>
    public static IServiceCollection AddCredentials(this IServiceCollection services) => services
        .AddSingleton<KeyReader>()
        .AddSingleton<KeyDirectory>()
        .AddSingleton<KeyAuthenticator>()
        .AddSingleton<SessionDirectory>()
        .AddSingleton<AccountStatus>()
        .AddSingleton<OperatorToken>()
        .AddSingleton<TokenIntrospection>()
        .AddSingleton<AccountAuthenticator>();
}
