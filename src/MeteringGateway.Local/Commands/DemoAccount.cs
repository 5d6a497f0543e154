using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MeteringGateway.Local.LocalServers;

namespace MeteringGateway.Local.Commands;

/// <summary>The account that ./run prints a key of: made once through the operator API, its keys kept in a private file.</summary>
internal sealed class DemoAccount(HttpClient gateway, Uri calls, string adminToken, string file)
{
    public const long Credits = 1_000;
    private const string Email = "demo@example.com";

    public async Task<DemoKeys> EnsureAsync(CancellationToken cancellation)
    {
        if (Kept() is { } kept && await WorksAsync(kept, cancellation))
        {
            // One of before there was a console has no password yet.
            return kept.Password is null ? await KeepAsync(kept, await FindAsync(kept, cancellation), cancellation) : kept;
        }

        var account = await CreateAccountAsync(Email, cancellation)
            // Our file is gone but PostgreSQL knows the demo account: another one beside it.
            ?? await CreateAccountAsync($"demo-{RandomNumberGenerator.GetHexString(8, lowercase: true)}@example.com", cancellation)
            ?? throw new LocalServerException("The demo account could not be made: its email is taken.");
        var keys = new DemoKeys(
            await CreateKeyAsync(account.Id, "live", cancellation), await CreateKeyAsync(account.Id, "test", cancellation));
        return await KeepAsync(keys, account, cancellation);
    }

    /// <summary>With a password to sign in with, which an account that an operator makes does not have.</summary>
    private async Task<DemoKeys> KeepAsync(DemoKeys keys, DemoIdentity account, CancellationToken cancellation)
    {
        var password = $"demo-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        using var opened = await PostAsync($"admin/accounts/{account.Id}/sessions", new { }, cancellation);
        var session = (await BodyAsync(opened, cancellation)).GetProperty("session").GetString()!;
        using var set = new HttpRequestMessage(HttpMethod.Post, new Uri(calls, "api/auth/password"))
        {
            Content = JsonContent.Create(new { new_password = password }),
        };
        set.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session);
        using var answer = await gateway.SendAsync(set, cancellation);
        var signsIn = answer.IsSuccessStatusCode ? keys with { Email = account.Email, Password = password } : keys;
        PrivateFile.Write(file, JsonSerializer.Serialize(signsIn));
        return signsIn;
    }

    private async Task<DemoIdentity> FindAsync(DemoKeys keys, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(calls, "api/me/dashboard"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys.Live);
        using var answer = await gateway.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        var user = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("user");
        return new DemoIdentity(user.GetProperty("id").ToString(), user.GetProperty("email").GetString()!);
    }

    private DemoKeys? Kept()
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<DemoKeys>(File.ReadAllText(file)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A call for a surface that can't exist costs nothing and tells a known key (404) from an unknown one (401).</summary>
    private async Task<bool> WorksAsync(DemoKeys keys, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(calls, "api/v1/query"))
        {
            Content = JsonContent.Create(new { surface = "-" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", keys.Live);
        using var answer = await gateway.SendAsync(request, cancellation);
        return answer.StatusCode != HttpStatusCode.Unauthorized;
    }

    /// <returns>Null where the email is taken.</returns>
    private async Task<DemoIdentity?> CreateAccountAsync(string email, CancellationToken cancellation)
    {
        var demo = new { email, full_name = "Demo", kind = "personal", credits = Credits };
        using var answer = await PostAsync("admin/accounts", demo, cancellation);
        return answer.StatusCode == HttpStatusCode.Conflict
            ? null
            : new DemoIdentity((await BodyAsync(answer, cancellation)).GetProperty("id").ToString(), email);
    }

    private async Task<string> CreateKeyAsync(string account, string mode, CancellationToken cancellation)
    {
        using var answer = await PostAsync($"admin/accounts/{account}/keys", new { name = $"demo {mode}", mode }, cancellation);
        return (await BodyAsync(answer, cancellation)).GetProperty("key").GetString()!;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
        return await gateway.SendAsync(request, cancellation);
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        var path = answer.RequestMessage?.RequestUri?.AbsolutePath;
        return answer.StatusCode == HttpStatusCode.Created
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new LocalServerException($"The demo account could not be made: {path} answered {(int)answer.StatusCode} {text}");
    }
}

internal sealed record DemoKeys([property: JsonPropertyName("live")] string Live, [property: JsonPropertyName("test")] string Test)
{
    [JsonPropertyName("email")]
    public string? Email { get; init; }

    /// <summary>To sign in to the console with; null: none could be set.</summary>
    [JsonPropertyName("password")]
    public string? Password { get; init; }
}

internal sealed record DemoIdentity(string Id, string Email);
