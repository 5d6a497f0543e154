using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MeteringGateway.Accounts;
using MeteringGateway.Keys;
using MeteringGateway.Requests;
using MeteringGateway.Surfaces;

namespace MeteringGateway.Declarations;

/// <summary>The operator API as the console uses it. A refusal and an outage are an <see cref="OperatorApiException"/> with a line for a person.</summary>
internal sealed class OperatorApi : IDisposable
{
    private const int PageSize = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    public OperatorApi(Uri gateway, string token)
    {
        // The token goes to the gateway that was named and nowhere else; a gateway on this machine is not behind a proxy.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !gateway.IsLoopback })
        {
            BaseAddress = gateway.AbsoluteUri.EndsWith('/') ? gateway : new Uri(gateway.AbsoluteUri + "/"),
            Timeout = Patience,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<HashSet<string>> SurfacesAsync(CancellationToken cancellation) =>
        [.. (await GetAsync<SurfaceList>("admin/surfaces", cancellation)).Surfaces.Select(surface => surface.Slug)];

    /// <summary>Null: there is none.</summary>
    public async Task<AccountView?> FindAccountAsync(long? id, string? email, CancellationToken cancellation)
    {
        if (id is null)
        {
            var found = await GetAsync<AccountPage>($"admin/accounts?email={Uri.EscapeDataString(email!)}", cancellation);
            return found.Accounts.Count == 1 ? found.Accounts[0] : null;
        }

        using var answer = await SendAsync(HttpMethod.Get, $"admin/accounts/{id}", null, cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<AccountView>(answer, cancellation);
    }

    public async Task<IReadOnlyList<AccountView>> AccountsAsync(CancellationToken cancellation)
    {
        var all = new List<AccountView>();
        AccountPage page;
        do
        {
            page = await GetAsync<AccountPage>($"admin/accounts?limit={PageSize}&offset={all.Count}", cancellation);
            all.AddRange(page.Accounts);
        }
        while (page.Accounts.Count == PageSize);
        return all;
    }

    public async Task<IReadOnlyList<KeyView>> KeysAsync(long account, CancellationToken cancellation)
    {
        var all = new List<KeyView>();
        KeyPage page;
        do
        {
            page = await GetAsync<KeyPage>($"admin/accounts/{account}/keys?limit={PageSize}&offset={all.Count}", cancellation);
            all.AddRange(page.Keys);
        }
        while (page.Keys.Count == PageSize);
        return all;
    }

    public async Task<TAnswer> GetAsync<TAnswer>(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, cancellation);
        return await ReadAsync<TAnswer>(answer, cancellation);
    }

    /// <summary>Null where the answer has no body.</summary>
    public async Task<TAnswer?> ChangeAsync<TAnswer>(HttpMethod method, string path, object? body, CancellationToken cancellation)
        where TAnswer : class
    {
        using var answer = await SendAsync(method, path, body, cancellation);
        return answer.StatusCode == HttpStatusCode.NoContent ? null : await ReadAsync<TAnswer>(answer, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: WireJson.Options) };
        try
        {
            return await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new OperatorApiException($"{_http.BaseAddress} can't be reached: {e.GetBaseException().Message}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new OperatorApiException($"{_http.BaseAddress} did not answer within {Patience.TotalSeconds:0} seconds.");
        }
    }

    private async Task<TAnswer> ReadAsync<TAnswer>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsByteArrayAsync(cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw new OperatorApiException(Refusal(answer.StatusCode, text));
        }

        try
        {
            return JsonSerializer.Deserialize<TAnswer>(text, WireJson.Options) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new OperatorApiException($"{_http.BaseAddress} is no metering gateway, or one of another version: its answer can't be read.");
        }
    }

    private static string Refusal(HttpStatusCode status, byte[] text)
    {
        try
        {
            var problem = JsonSerializer.Deserialize<JsonElement>(text);
            var errors = problem.TryGetProperty("errors", out var all) ? all.EnumerateArray().Select(error => $"{Text(error, "pointer")} {Text(error, "detail")}") : [];
            return status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? "The gateway does not take this token for an operator's."
                : $"The gateway refused: {string.Join("; ", errors.DefaultIfEmpty(Text(problem, "detail")))} ({Text(problem, "code")})";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"The gateway answered {(int)status}.";
        }
    }

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.ToString() : "";
}

/// <summary>The operator API refused, or could not be reached. The message is for a person.</summary>
internal sealed class OperatorApiException(string message) : Exception(message);
