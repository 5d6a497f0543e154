// The same as client.ts, through a client that Kiota makes of the document.
using Gateway.Client;
using Gateway.Client.Api.V1.Query;
using Gateway.Client.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

var (address, key) = (Environment.GetEnvironmentVariable("GATEWAY")!, Environment.GetEnvironmentVariable("KEY")!);

// Kiota's own providers of keys refuse to send one without TLS, which the gateway of this check has not.
using var http = KiotaClientFactory.Create();
http.DefaultRequestHeaders.Authorization = new("Bearer", key);
using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = address };
var gateway = new GatewayClient(adapter);

var before = (await gateway.Credits.Balance.GetAsync())!.Data!.Balance!.Value;
var call = (await gateway.Api.V1.Query.PostAsync(new QueryPostRequestBody { Surface = "search" }))!;
var after = (await gateway.Credits.Balance.GetAsync())!.Data!.Balance!.Value;
Check(call.Ok == true && call.CreditsCharged > 0 && before - after == call.CreditsCharged, "the balance did not fall by the charge");

var ledger = (await gateway.Api.Billing.Ledger.GetAsync(request => request.QueryParameters.EntryId = call.RequestId))!;
Check(ledger.Entries!.Count == 1 && ledger.Entries[0].Id == call.RequestId, "the ledger does not have the call");

try
{
    await gateway.Api.V1.Query.PostAsync(new QueryPostRequestBody { Surface = "nowhere" });
    Check(false, "an unknown surface was not refused");
}
catch (Problem refused)
{
    Check(refused.Code == "unknown_surface", "the refusal has no code");
}

Console.WriteLine($"C# client: charged {call.CreditsCharged}");

static void Check(bool isRight, string what)
{
    if (!isRight)
    {
        Console.Error.WriteLine($"C# client: {what}");
        Environment.Exit(1);
    }
}
