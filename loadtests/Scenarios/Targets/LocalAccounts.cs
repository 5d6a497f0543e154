using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MeteringGateway.Load.Stack;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Scenarios.Targets;

/// <summary>The accounts of the local stack: rich ones that were made in bulk, and those that a scenario asks for.</summary>
internal sealed class LocalAccounts : IDisposable
{
    private readonly HttpClient _client;
    private int _made;

    public LocalAccounts(Uri gateway, KeyPool rich)
    {
        Rich = rich;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorApi.Token);
    }

    /// <summary>One account each, with more credits than a run can spend.</summary>
    public KeyPool Rich { get; }

    public async Task<KeyPool> MakeAsync(int count, long credits, long? keyLimit, CancellationToken cancellation)
    {
        var keys = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var email = $"scenario{++_made}@example.com";
            var account = await PostAsync(
                "admin/accounts", new { email, full_name = "Scenario", kind = "team", credits = credits > 0 ? credits : (long?)null },
                cancellation);
            var type = keyLimit is null ? null : "FIXED";
            var key = await PostAsync(
                $"admin/accounts/{account.GetProperty("id")}/keys",
                new { name = "scenario", mode = "live", spending_limit = keyLimit, spending_type = type }, cancellation);
            keys.Add(key.GetProperty("key").GetString()!);
        }

        return new KeyPool(keys);
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation)
    {
        using var answer = await _client.PostAsJsonAsync(path, body, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new LocalServerException($"The gateway answered {path} with {(int)answer.StatusCode}: {text}");
    }
}
