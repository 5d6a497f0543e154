using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MeteringGateway.Http.Requests;

namespace MeteringGateway.Cli.Declarations;

/// <summary>
/// The operator API as the console uses it. A refusal and an outage are an <see cref="OperatorApiException"/> with a line for a person.
/// </summary>
internal sealed class OperatorApi : IDisposable
{
    private const int PageSize = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient _http;

    /// <param name="gateway">Where it is.</param>
    /// <param name="token">The operator's.</param>
    /// <param name="patience">For calls that take as long as the ledger is.</param>
    public OperatorApi(Uri gateway, string token, TimeSpan? patience = null)
    {
        // The token goes to the gateway that was named and nowhere else; a gateway on this machine is not behind a proxy.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !gateway.IsLoopback })
        {
            BaseAddress = gateway.AbsoluteUri.EndsWith('/') ? gateway : new Uri(gateway.AbsoluteUri + "/"),
            Timeout = patience ?? Patience,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<HashSet<string>> SurfacesAsync(CancellationToken cancellation) =>
        [.. (await GetAsync<SurfacesAnswer>("admin/surfaces", cancellation)).Surfaces.Select(surface => surface.Slug)];

    /// <summary>Null: there is none.</summary>
    public async Task<AccountAnswer?> FindAccountAsync(long? id, string? email, CancellationToken cancellation)
    {
        if (id is null)
        {
            var found = await GetAsync<AccountsAnswer>($"admin/accounts?email={Uri.EscapeDataString(email!)}", cancellation);
            return found.Accounts.Count == 1 ? found.Accounts[0] : null;
        }

        using var answer = await SendAsync(HttpMethod.Get, $"admin/accounts/{id}", null, cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<AccountAnswer>(answer, cancellation);
    }

    public async Task<IReadOnlyList<AccountAnswer>> AccountsAsync(CancellationToken cancellation)
    {
        var all = new List<AccountAnswer>();
        AccountsAnswer page;
        do
        {
            page = await GetAsync<AccountsAnswer>($"admin/accounts?limit={PageSize}&offset={all.Count}", cancellation);
            all.AddRange(page.Accounts);
        }
        while (page.Accounts.Count == PageSize);
        return all;
    }

    /// <summary>The account of that email or number.</summary>
    /// <exception cref="OperatorApiException">There is none.</exception>
    public async Task<AccountAnswer> AccountAsync(string emailOrNumber, CancellationToken cancellation)
    {
        var isNumber = long.TryParse(emailOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        return await FindAccountAsync(isNumber ? id : null, emailOrNumber, cancellation)
            ?? throw new OperatorApiException($"There is no account {emailOrNumber}.");
    }

    /// <summary>Null: there is none.</summary>
    public async Task<KeyAnswer?> FindKeyAsync(long id, CancellationToken cancellation)
    {
        using var answer = await SendAsync(
            HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"admin/keys/{id}"), null, cancellation);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<KeyAnswer>(answer, cancellation);
    }

    /// <summary>Keys of all accounts, or of one, whose name or shown prefix this is.</summary>
    public async Task<IReadOnlyList<KeyAnswer>> SearchKeysAsync(string? name, string? prefix, long? account, CancellationToken cancellation)
    {
        var filters = new[] { ("name", name), ("prefix", prefix), ("account_id", account?.ToString(CultureInfo.InvariantCulture)) }
            .Where(filter => filter.Item2 is not null)
            .Select(filter => $"&{filter.Item1}={Uri.EscapeDataString(filter.Item2!)}");
        var query = string.Concat(filters);
        var all = new List<KeyAnswer>();
        KeysAnswer page;
        do
        {
            page = await GetAsync<KeysAnswer>($"admin/keys?limit={PageSize}&offset={all.Count}{query}", cancellation);
            all.AddRange(page.Keys);
        }
        while (page.Keys.Count == PageSize);
        return all;
    }

    public async Task<IReadOnlyList<KeyAnswer>> KeysAsync(long account, CancellationToken cancellation)
    {
        var all = new List<KeyAnswer>();
        KeysAnswer page;
        do
        {
            page = await GetAsync<KeysAnswer>($"admin/accounts/{account}/keys?limit={PageSize}&offset={all.Count}", cancellation);
            all.AddRange(page.Keys);
        }
        while (page.Keys.Count == PageSize);
        return all;
    }

    public async Task<IReadOnlyList<OperatorAnswer>> OperatorsAsync(CancellationToken cancellation)
    {
        var all = new List<OperatorAnswer>();
        OperatorsAnswer page;
        do
        {
            page = await GetAsync<OperatorsAnswer>($"admin/operators?limit={PageSize}&offset={all.Count}", cancellation);
            all.AddRange(page.Operators);
        }
        while (page.Operators.Count == PageSize);
        return all;
    }

    /// <summary>For an answer that is passed on as it is.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(method, path, null, cancellation);
        return await ReadAsync<JsonElement>(answer, cancellation) is { ValueKind: JsonValueKind.Object } told
            ? told
            : throw new OperatorApiException(NotOurs);
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
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: WireJson.Options),
        };
        try
        {
            return await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new OperatorApiException($"{_http.BaseAddress} can't be reached: {e.GetBaseException().Message.TrimEnd('.')}. "
                + "Is the gateway up there? --url names another address.");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new OperatorApiException($"{_http.BaseAddress} did not answer within {_http.Timeout.TotalSeconds:0} seconds.");
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
            throw new OperatorApiException(NotOurs);
        }
    }

    private string NotOurs => $"{_http.BaseAddress} is no metering gateway, or one of another version: its answer can't be read.";

    private static string Refusal(HttpStatusCode status, byte[] text)
    {
        try
        {
            var problem = JsonSerializer.Deserialize<JsonElement>(text);
            var errors = problem.TryGetProperty("errors", out var all)
                ? all.EnumerateArray().Select(error => $"{Text(error, "pointer")} {Text(error, "detail")}")
                : [];
            return status == HttpStatusCode.Unauthorized
                ? "The gateway does not take this token for an operator's."
                : $"The gateway refused: {string.Join("; ", errors.DefaultIfEmpty(Text(problem, "detail")))} ({Text(problem, "code")})";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return $"The gateway answered {(int)status}, and not as a metering gateway does: is it one?";
        }
    }

    private static string Text(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.ToString() : "";
}

/// <summary>The operator API refused, or could not be reached. The message is for a person.</summary>
internal sealed class OperatorApiException(string message) : Exception(message);
