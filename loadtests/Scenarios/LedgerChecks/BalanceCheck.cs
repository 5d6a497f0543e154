using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using MeteringGateway.Scenarios.Running;

namespace MeteringGateway.Scenarios.LedgerChecks;

/// <summary>
/// The ledger of a foreign gateway as its customers see them: what their balances fell by is what their answers said. That holds only
/// while nobody else spends from, or adds to, the same accounts. With an operator's token the gateway verifies its ledger, too. One owner.
/// </summary>
/// <param name="keys">One of each account, or accounts would be counted twice.</param>
internal sealed class BalanceCheck(HttpClient gateway, IReadOnlyList<string> keys, string? operatorToken) : ILedgerCheck
{
    private long _before;

    public async Task OpenAsync(CancellationToken cancellation) => _before = await BalanceAsync(cancellation);

    public async Task<LedgerVerdict> CloseAsync(IReadOnlyList<ChargedAnswer> answers, long lost, CancellationToken cancellation)
    {
        var (fell, said) = (_before - await BalanceAsync(cancellation), answers.Sum(answer => answer.Credits));
        var problems = new List<string>();
        var looked = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture, $"{answers.Count:N0} charged answers of {said:N0} credits; balances fell by {fell:N0}"),
        };
        if (fell < said || (fell > said && lost == 0))
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"balances fell by {fell:N0} credits, the answers said {said:N0}: one key for each account, and nobody else at work?"));
        }

        if (operatorToken is not null)
        {
            using var verify = new HttpRequestMessage(HttpMethod.Get, "admin/ledger/verify");
            verify.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorToken);
            using var answer = await gateway.SendAsync(verify, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            (IsOk(answer, text) ? looked : problems).Add(IsOk(answer, text) ? "ledger verify: ok" : $"ledger verify: {text}");
        }

        return new LedgerVerdict(looked, problems);
    }

    private static bool IsOk(HttpResponseMessage answer, string text)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }

        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True;
    }

    private async Task<long> BalanceAsync(CancellationToken cancellation)
    {
        var sum = 0L;
        foreach (var key in keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/balance");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var answer = await gateway.SendAsync(request, cancellation);
            answer.EnsureSuccessStatusCode();
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            sum += body.RootElement.GetProperty("credits_balance").GetInt64();
        }

        return sum;
    }
}
