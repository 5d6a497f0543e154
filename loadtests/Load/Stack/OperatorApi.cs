using System.Net.Http.Headers;
using System.Text.Json;

namespace MeteringGateway.Load.Stack;

/// <summary>What is asked of a gateway as its operator.</summary>
internal sealed class OperatorApi : IDisposable
{
    public const string Token = "operator-token-of-the-comparison-0123456789";

    // Both verbs walk the whole ledger.
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(10) };

    public OperatorApi(Uri gateway)
    {
        _client.BaseAddress = gateway;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public Task<string> MetricsAsync(CancellationToken cancellation) => _client.GetStringAsync("metrics", cancellation);

    /// <summary>Null where the ledger is right and Redis agrees with it; otherwise what the two verbs said.</summary>
    public async Task<string?> CheckLedgerAsync(CancellationToken cancellation)
    {
        var verified = await _client.GetStringAsync("admin/ledger/verify", cancellation);
        using var answer = await _client.PostAsync("admin/ledger/reconcile", null, cancellation);
        var reconciled = await answer.Content.ReadAsStringAsync(cancellation);
        return IsOk(verified) && IsOk(reconciled) ? null : $"ledger verify: {verified} ledger reconcile: {reconciled}";
    }

    public void Dispose() => _client.Dispose();

    private static bool IsOk(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True;
    }
}
