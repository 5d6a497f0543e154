using MeteringGateway.Accounts.People.Identities;
using MeteringGateway.Accounts.People.Welcome;
using MeteringGateway.Http.Authentication;

namespace MeteringGateway.Accounts.People;

internal static class PeopleRegistration
{
    /// <summary>After AddCredentials and AddAccounts, with the data source from elsewhere.</summary>
    public static IServiceCollection AddPeople(this IServiceCollection services) => services
        .AddSingleton<IdentityStore>()
        .AddSingleton<AccountOfIdentity>(provider => provider.GetRequiredService<IdentityStore>().FindAccountAsync)
        .AddSingleton<PasswordCheck>()
        .AddSingleton<SignInThrottle>()
        .AddSingleton<PasswordSignIn>()
        .AddSingleton<WelcomeLinks>()
        .AddSingleton<SessionStore>()
        .AddSingleton<PersonStore>()
        .AddSingleton<TeamStore>()
        .AddSingleton<MembershipStore>()
        .AddSingleton<InvitationStore>()
        .AddSingleton<TeamAccess>()
        .AddSingleton<TeamHandlers>()
        .AddSingleton<MemberHandlers>()
        .AddSingleton<InvitationHandlers>();

    public static IEndpointRouteBuilder MapPeople(this IEndpointRouteBuilder app) => app.MapAuth().MapIdentity().MapTeams();
}
