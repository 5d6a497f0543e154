using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using MeteringGateway.FunctionalTests.Dialects;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.OpenApi;

[CollectionDefinition(Name)]
public sealed class ApiTestGroup : ICollectionFixture<ApiWorld>
{
    public const string Name = "api";
}

/// <summary>
/// A gateway with everything turned on, and what it says of itself: each operation of its document, with credentials and things that exist.
/// </summary>
public sealed class ApiWorld : IAsyncLifetime
{
    public const string StripeSecret = "whsec_of_the_hunt";

    private Stores? _stores;
    private GatewayProcess? _gateway;
    private HttpClient? _http;
    private long _package;
    private string _plan = "";

    public FakeProvider Provider { get; } = FakeProvider.Start("""{"usage":{"total_tokens":1523},"answer":"ok"}""");
    public GatewayClient Client => _gateway!.Client;
    public string Log => _gateway!.Log;
    public JsonElement Document { get; private set; }
    internal IReadOnlyList<ApiOperation> Operations { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _stores = await Stores.StartAsync();
        _gateway = await GatewayProcess.StartAsync(_stores, DialectGateway.Config(Provider, "0.10"), new Dictionary<string, string>
        {
            ["People__SignUp"] = "open",
            ["People__PasswordIterations"] = "10000",
            ["People__AttemptsPerEmail"] = "10000",
            ["People__AttemptsPerAddress"] = "100000",
            ["Clients__MaxFailures"] = "1000000",
            ["Payments__Stripe__WebhookSecret"] = StripeSecret,
            ["Payments__Creem__WebhookSecret"] = StripeSecret,
        });
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        })
        {
            BaseAddress = _gateway.Address,
            Timeout = TimeSpan.FromSeconds(100),
        };
        Document = (await Client.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null)).Expect(HttpStatusCode.OK);
        Operations = [.. from path in Document.GetProperty("paths").EnumerateObject()
                         from operation in path.Value.EnumerateObject()
                         select new ApiOperation(operation.Name.ToUpperInvariant(), path.Name, operation.Value)];
        _package = (await Client.AdminAsync(
            HttpMethod.Post, "admin/catalog/packages",
            new { slug = "starter-250", name = "Starter 250", credits = 250, price_cents = 2500 }))
            .Expect(HttpStatusCode.Created).GetProperty("id").GetInt64();
        _plan = (await Client.AdminAsync(
            HttpMethod.Post, "admin/billing/plans",
            new { name = "Pro", price_monthly = 999, price_yearly = 9990, credits_included = 10000 }))
            .Expect(HttpStatusCode.Created).GetProperty("data").GetProperty("id").GetString()!;
    }

    public async Task DisposeAsync()
    {
        _http?.Dispose();
        await _gateway!.DisposeAsync();
        await Provider.DisposeAsync();
        await _stores!.DisposeAsync();
    }

    /// <summary>
    /// Of an operation whose calls may use up what they are made with: a fresh account, with a key, a session and a team.
    /// </summary>
    internal async Task<ApiCast> NewCastAsync()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        var opened = (await Client.SendAsync(
            HttpMethod.Post, "api/auth/sign-up", null,
            Json($$"""{"email":"{{email}}","password":"correct horse battery","full_name":"Ada"}""")))
            .Expect(HttpStatusCode.Created);
        var (account, session) = (opened.GetProperty("user").GetProperty("id").GetInt64(), opened.GetProperty("session").GetString()!);
        await Client.CreditAsync(account, 1000);
        var key = (await Client.AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/keys", new { name = "hunt", mode = "live" }))
            .Expect(HttpStatusCode.Created);
        var team = (await Client.SendAsync(HttpMethod.Post, "api/me/teams", session, Json("""{"full_name":"The team"}""")))
            .Expect(HttpStatusCode.Created);
        return new ApiCast(
            account, email, session, key.GetProperty("key").GetString()!, key.GetProperty("id").GetInt64(),
            team.GetProperty("id").GetInt64(), _package, _plan);
    }

    /// <summary>The call with the credentials that the document asks for; what is given replaces what would be right.</summary>
    internal async Task<GatewayAnswer> SendAsync(
        ApiOperation operation, ApiCast cast, string? path = null, byte[]? body = null,
        params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(operation.Method), new Uri(path ?? cast.PathOf(operation), UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        if (cast.CredentialFor(operation) is { } credential)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + credential);
        }

        foreach (var (name, value) in headers)
        {
            System.Net.Http.Headers.HttpHeaders of = name.StartsWith("Content-", StringComparison.Ordinal)
                ? (request.Content ??= new ByteArrayContent([])).Headers
                : request.Headers;
            of.Remove(name);
            of.TryAddWithoutValidation(name, value);
        }

        using var answer = await _http!.SendAsync(request);
        var all = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new GatewayAnswer(answer.StatusCode, all, await answer.Content.ReadAsStringAsync());
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}

/// <summary>Who calls, and the things that paths and bodies may name.</summary>
internal sealed record ApiCast(long Account, string Email, string Session, string Key, long KeyId, long Team, long Package, string Plan)
{
    public string? CredentialFor(ApiOperation operation) => operation.Security switch
    {
        null => null,
        "operatorToken" => GatewayProcess.AdminToken,
        "keyBearer" => Key,
        _ => Session,
    };

    public string PathOf(ApiOperation operation)
    {
        var path = operation.Path;
        var id = path.Contains("/keys/{id}", StringComparison.Ordinal) ? Number(KeyId)
            : path.Contains("members", StringComparison.Ordinal) || path.Contains("/teams/{id}", StringComparison.Ordinal) ? Number(Team)
            : path.Contains("/accounts/{id}", StringComparison.Ordinal) ? Number(Account)
            : path.Contains("/packages/{id}", StringComparison.Ordinal) ? Number(Package)
            : path.Contains("/plans/{id}", StringComparison.Ordinal) ? Plan
            : "1";
        return path.Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{accountId}", Number(Account), StringComparison.Ordinal)
            .Replace("{invitationId}", "1", StringComparison.Ordinal)
            .TrimStart('/');
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
