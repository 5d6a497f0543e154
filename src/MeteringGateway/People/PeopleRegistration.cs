using MeteringGateway.Authentication;

namespace MeteringGateway.People;

internal static class PeopleRegistration
{
    /// <summary>After AddAuthenticationOfKeys and AddAccounts, with the data source from elsewhere.</summary>
    public static IServiceCollection AddPeople(this IServiceCollection services) => services
        .AddAuthenticationOfAccounts()
        .AddSingleton<PasswordCheck>()
        .AddSingleton<SignInThrottle>()
        .AddSingleton<SessionStore>()
        .AddSingleton<PersonStore>()
        .AddSingleton<TeamStore>()
        .AddSingleton<TeamHandlers>();

    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder app) => app.MapAuth().MapTeams();
}
