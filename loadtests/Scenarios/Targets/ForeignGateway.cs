using System.Net.Http.Headers;
using System.Text.Json;
using MeteringGateway.Scenarios.LedgerChecks;

namespace MeteringGateway.Scenarios.Targets;

/// <summary>A gateway that was not started here: its accounts pay for what is sent, and its stores are out of reach.</summary>
internal sealed class ForeignGateway : Target
{
    private readonly HttpClient _client;

    /// <param name="operatorToken">Null: nobody asks the gateway to verify its ledger.</param>
    public ForeignGateway(Uri url, IReadOnlyList<string> keys, string surface, string? operatorToken, int mostOpen)
    {
        _client = GatewayCalls.Client(url, mostOpen);
        Title = $"{url.GetLeftPart(UriPartial.Authority)}, surface {surface}";
        Keys = new KeyPool(keys);
        Calls = new GatewayCalls(_client, surface);
        LedgerCheck = new BalanceCheck(_client, keys, operatorToken);
    }

    public override string Title { get; }
    public override KeyPool Keys { get; }
    public override GatewayCalls Calls { get; }
    public override ILedgerCheck LedgerCheck { get; }

    /// <summary>Null where the gateway answers and knows the key; otherwise what is wrong and what would be right.</summary>
    public async Task<string?> ProblemAsync(CancellationToken cancellation)
    {
        var url = _client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        try
        {
            foreach (var (place, key) in Keys.All.Index())
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "v1/balance");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                using var answer = await _client.SendAsync(request, cancellation);
                if (!answer.IsSuccessStatusCode)
                {
                    return $"Key {place + 1} of the key file: {url} answered {(int)answer.StatusCode}; a live key of it would be right.";
                }

                using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
                if (body.RootElement.ValueKind != JsonValueKind.Object || !body.RootElement.TryGetProperty("credits_balance", out _))
                {
                    return $"{url} answered /v1/balance without a balance: the address of a gateway would be right.";
                }
            }

            return null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return $"{url} did not answer as a gateway does ({e.Message}): the address of one that runs would be right.";
        }
    }

    public override ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
