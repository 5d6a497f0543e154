using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MeteringGateway.Console;

/// <summary>Verb ledger: what an operator asks of the books, through a running gateway's operator API.</summary>
internal static class LedgerCommand
{
    /// <summary>Walking the books takes as long as they are.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(1);

    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true };

    private static readonly Option<string> s_url = Url();

    private static readonly Option<FileInfo?> s_tokenFile = new("--token-file") { Description = "A file with the operator's token; without it, the environment's METERING_ADMIN_TOKEN.", Recursive = true };

    public static Command Build() => new("ledger", "Ask a running gateway about its books.") { s_url, s_tokenFile, Verify(), Rebuild(), Reconcile() };

    private static Option<string> Url()
    {
        var url = new Option<string>("--url") { Description = "The gateway to ask.", Recursive = true, DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            {
                result.AddError("--url must be a gateway's address, as in http://127.0.0.1:8080.");
            }
        });
        return url;
    }

    private static Command Verify()
    {
        var command = new Command("verify", "Walk the books: numbers without a gap, unbroken balances, Redis in step. Ends with 1 where something is wrong or could not be looked at.");
        command.SetAction((parsed, cancellation) => AskAsync(parsed, HttpMethod.Get, "admin/ledger/verify", cancellation));
        return command;
    }

    private static Command Rebuild()
    {
        var account = new Option<long>("--account") { Description = "The account's number.", Required = true };
        var at = new Option<DateTimeOffset?>("--at") { Description = "The instant, as in 2026-11-21T12:00:00Z. Default: after all of its entries." };
        var command = new Command("rebuild", "The balance of an account at an instant, added up from its entries alone.") { account, at };
        command.SetAction((parsed, cancellation) => AskAsync(parsed, HttpMethod.Get,
            string.Create(CultureInfo.InvariantCulture, $"admin/ledger/rebuild?account_id={parsed.GetValue(account)}")
                + (parsed.GetValue(at) is { } instant ? "&at=" + Uri.EscapeDataString(instant.ToString("O", CultureInfo.InvariantCulture)) : ""),
            cancellation));
        return command;
    }

    private static Command Reconcile()
    {
        var heal = new Option<bool>("--heal") { Description = "Load what differs anew from the books." };
        var command = new Command("reconcile", "Hold Redis against the books and explain each difference. Ends with 1 where one is left or an account could not be compared.") { heal };
        command.SetAction((parsed, cancellation) => AskAsync(parsed, HttpMethod.Post, parsed.GetValue(heal) ? "admin/ledger/reconcile?heal=true" : "admin/ledger/reconcile", cancellation));
        return command;
    }

    /// <returns>0: all is well; 1: the books or Redis are not; 2: no answer was to be had.</returns>
    private static async Task<int> AskAsync(ParseResult parsed, HttpMethod method, string path, CancellationToken cancellation)
    {
        if (await TokenAsync(parsed, cancellation) is not { } token)
        {
            return await FailAsync("Set METERING_ADMIN_TOKEN to the operator's token, or name a file that has it with --token-file.");
        }

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_patience };
        using var request = new HttpRequestMessage(method, new Uri(new Uri(parsed.GetValue(s_url)!), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var answer = await client.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                return await FailAsync($"{(int)answer.StatusCode}: {text}");
            }

            var json = JsonSerializer.Deserialize<JsonElement>(text);
            System.Console.WriteLine(JsonSerializer.Serialize(json, s_readable));
            if (json.TryGetProperty("unchecked", out var accounts) && accounts.GetInt64() > 0)
            {
                await System.Console.Error.WriteLineAsync($"{accounts} accounts could not be compared with Redis: their partitions are not served now. Ask again when /readyz says that all is well.");
            }

            return json.TryGetProperty("ok", out var ok) && !ok.GetBoolean() ? 1 : 0;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return await FailAsync($"{request.RequestUri}: {e.Message}");
        }
    }

    private static async Task<string?> TokenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_tokenFile) is not { } file)
        {
            return Environment.GetEnvironmentVariable("METERING_ADMIN_TOKEN") is { Length: > 0 } token ? token : null;
        }

        return file.Exists && (await File.ReadAllTextAsync(file.FullName, cancellation)).Trim() is { Length: > 0 } kept ? kept : null;
    }

    private static async Task<int> FailAsync(string line)
    {
        await System.Console.Error.WriteLineAsync(line);
        return 2;
    }
}
