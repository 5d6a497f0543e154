using System.Net.Http.Json;
using Dapper;
using MeteringGateway.Configuration;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Hosting;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Schema;
using MeteringGateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MeteringGateway.FunctionalTests.Accounts.People;

/// <summary>
/// The whole gateway in the test's process, on stores of its own and in front of an identity provider that is scripted at the wire.
/// </summary>
public sealed class PeopleGateway : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private Stores? _stores;
    private WebApplication? _app;
    private GatewayClient? _client;

    public FakeProvider IdentityProvider { get; } = FakeProvider.Start("""{"active":false}""");

    public GatewayClient Client => _client!;

    public Books Books => _stores!.Books;

    internal Stores Stores => _stores!;

    internal T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        var upstream = "{\"d\":{\"Address\":\"" + IdentityProvider.Address + "\"}}";
        await File.WriteAllTextAsync(
            _directory.In("gateway.json"),
            "{\"ReverseProxy\":{\"Clusters\":{\"alpha\":{\"Destinations\":" + upstream
                + "}}},\"Surfaces\":{\"search\":{\"Name\":\"Search\",\"Price\":{\"Credits\":2},\"Providers\":[\"alpha\"]}}}");
        _app = GatewayHost.Build(GatewayConfiguration.LoadFile(_directory.In("gateway.json"), new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = _stores.RedisConnection,
            ["ConnectionStrings:Postgres"] = _stores.PostgresConnection,
            ["Admin:Token"] = GatewayProcess.AdminToken,
            ["Urls"] = "http://127.0.0.1:0",
            ["People:SignUp"] = "open",
            ["People:PasswordIterations"] = "10000",
            ["People:AttemptsPerEmail"] = "5",
            ["People:AttemptsPerAddress"] = "100000",
            ["OAuth:IntrospectionEndpoint"] = IdentityProvider.Address + "/introspect",
            ["OAuth:ClientId"] = "gate:way",
            ["OAuth:ClientSecret"] = "s€cret",
            ["OAuth:Audience"] = "metering",
            ["OAuth:Timeout"] = "00:00:01",
            ["Payments:Sandbox:Enabled"] = "true",
        }));
        Assert.Null(await Get<LedgerStartup>().PrepareAsync(default));
        await Get<OperatorToken>().LoadAsync(TextWriter.Null, default);
        await _app.StartAsync();
        var address = Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _client = new GatewayClient(new Uri(address));
        // Recovery opens the partitions in the background.
        var partitions = Get<Partitions>();
        await Eventually.TrueAsync(
            () => Task.FromResult(Enumerable.Range(0, partitions.Map.Count).All(partition => partitions.Epoch(partition) != 0)),
            () => "the partitions are not served");
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        await IdentityProvider.DisposeAsync();
        await _stores!.DisposeAsync();
        _directory.Dispose();
    }

    public async Task<GatewayAnswer> PostAsync(string path, object body, string? token = null) =>
        await Client.SendAsync(HttpMethod.Post, path, token, JsonContent.Create(body));

    public async Task<GatewayAnswer> GetAsync(string path, string? token) => await Client.SendAsync(HttpMethod.Get, path, token, null);

    public async Task<GatewayAnswer> DeleteAsync(string path, string? token) =>
        await Client.SendAsync(HttpMethod.Delete, path, token, null);

    /// <summary>A new person: account id, email, session.</summary>
    public async Task<(long Id, string Email, string Session)> SignUpAsync(string kind = "personal")
    {
        var email = $"{Guid.NewGuid():N}@Example.com";
        var answer = (await PostAsync("api/auth/sign-up", new { email, password = "correct horse", full_name = "Ada", kind })).Expect(
            System.Net.HttpStatusCode.Created);
        return (answer.GetProperty("user").GetProperty("id").GetInt64(), email, answer.GetProperty("session").GetString()!);
    }

    /// <summary>A new team of a person.</summary>
    public async Task<long> CreateTeamAsync(string owner) =>
        (await PostAsync("api/me/teams", new { full_name = "The team" }, owner)).Expect(System.Net.HttpStatusCode.Created)
            .GetProperty("id").GetInt64();

    /// <summary>An owner invites a new person, who accepts: account id, the person's own session, and one for the team's wallet.</summary>
    public async Task<(long Id, string Session, string TeamSession)> JoinAsync(string owner, long team, string role = "member")
    {
        var (id, email, session) = await SignUpAsync();
        (await PostAsync($"api/me/teams/{team}/members", new { email, role }, owner)).Expect(System.Net.HttpStatusCode.Accepted);
        var invitation = Assert.Single(
            (await GetAsync("api/me/invitations", session)).ExpectSuccess().GetProperty("invitations").EnumerateArray());
        (await PostAsync($"api/me/invitations/{invitation.GetProperty("id").GetInt64()}/accept", new { }, session))
            .Expect(System.Net.HttpStatusCode.OK);
        return (id, session, await OpenAsync(team, session));
    }

    /// <summary>A member's session for the team's wallet.</summary>
    public async Task<string> OpenAsync(long team, string session) =>
        (await PostAsync($"api/me/teams/{team}/session", new { }, session)).Expect(System.Net.HttpStatusCode.Created)
            .GetProperty("session").GetString()!;

    public async Task<GatewayAnswer> PatchAsync(string path, object body, string? token) =>
        await Client.SendAsync(HttpMethod.Patch, path, token, JsonContent.Create(body));

    internal async Task<AuthenticationReply> AuthenticateAsync(string header, string value)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext { Request = { Headers = { [header] = value } } };
        return await Get<AccountAuthenticator>().AuthenticateAsync(context);
    }

    public async Task<T> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Get<NpgsqlDataSource>().OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await Get<NpgsqlDataSource>().OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}

[CollectionDefinition(Name)]
public sealed class PeopleTestGroup : ICollectionFixture<PeopleGateway>
{
    public const string Name = "people";
}
