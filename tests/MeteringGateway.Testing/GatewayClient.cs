using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace MeteringGateway.Testing;

/// <summary>A client of one gateway: the operator's calls and the metered call.</summary>
public sealed class GatewayClient(Uri address) : IDisposable
{
    /// <summary>Looks at each answer of every client, with the call that it answers; throws where the answer must not be.</summary>
    public static Action<HttpMethod, string, GatewayAnswer>? Answered { get; set; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(100),
    };

    public async Task<long> CreateAccountAsync(long credits = 0, string? email = null)
    {
        var body = new { email = email ?? $"{Guid.NewGuid():N}@example.com", full_name = "Test", kind = "personal", credits };
        var account = (await AdminAsync(HttpMethod.Post, "admin/accounts", body)).Expect(HttpStatusCode.Created);
        var id = account.GetProperty("id").GetInt64();
        if (account.GetProperty("credit_balance").GetInt64() < credits)
        {
            // On a busy machine the first credits may still be under way when the account is answered.
            await Eventually.TrueAsync(
                async () => (await AdminAsync(HttpMethod.Get, $"admin/accounts/{id}")).ExpectSuccess()
                    .GetProperty("credit_balance").GetInt64() >= credits,
                () => $"account {id} has not got its credits");
        }

        return id;
    }

    /// <summary>Fields as in the contract; the answer has the new key under "key".</summary>
    public async Task<string> CreateKeyAsync(long account, object? fields = null) =>
        (await AdminAsync(HttpMethod.Post, $"admin/accounts/{account}/keys", fields ?? new { name = "test", mode = "live" }))
            .Expect(HttpStatusCode.Created).GetProperty("key").GetString()!;

    public async Task<JsonElement> CreditAsync(long account, long amount, string? reference = null) =>
        (await AdminAsync(
            HttpMethod.Post, "admin/credits/manual",
            new { account_id = account, amount, type = "support", description = "test", reference })).ExpectSuccess();

    public async Task<JsonElement> VerifyLedgerAsync() => (await AdminAsync(HttpMethod.Get, "admin/ledger/verify")).ExpectSuccess();

    public Task<GatewayAnswer> AdminAsync(HttpMethod method, string path, object? body = null) =>
        SendAsync(method, path, GatewayProcess.AdminToken, body is null ? null : JsonContent.Create(body));

    /// <summary>The metered call with a body that is serialised, or sent as it is when it is a string.</summary>
    public Task<GatewayAnswer> QueryAsync(string? key, object body, params (string Name, string Value)[] headers) =>
        SendAsync(
            HttpMethod.Post, "api/v1/query", key,
            body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body), headers);

    public async Task<GatewayAnswer> SendAsync(
        HttpMethod method, string path, string? bearer, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var answer = new GatewayAnswer(response.StatusCode, all, await response.Content.ReadAsStringAsync());
        Answered?.Invoke(method, path, answer);
        return answer;
    }

    public void Dispose() => Http.Dispose();
}
