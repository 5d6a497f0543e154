using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MeteringGateway.Accounts.LedgerOperations;
using MeteringGateway.FunctionalTests.Ledger;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Ledger.Verifying;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeteringGateway.FunctionalTests.Accounts.LedgerOperations;

[Collection(LedgerTestGroup.Name)]
public sealed class LedgerEndpointsTests(LedgerPostgres postgres)
{
    [Fact]
    public async Task Transactions_OutboxNotEmpty_ShowsNewestFirstWithAllFields()
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        await using var server = await ServeAsync(bench);
        var (a, b) = (await bench.AddAccountAsync(), await bench.AddAccountAsync());
        var partitions = bench.Get<PartitionMap>();
        bench.Outbox.Push(
            partitions.Of(a), LedgerBench.Entry("a1", a, 10, 10), LedgerBench.Entry("a2", a, -3, 7, metadata: "{\"ref\":[1,\"x\"]}"));
        bench.Outbox.Push(partitions.Of(b), LedgerBench.Entry("b1", b, 5, 5));
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };

        var page = await client.GetFromJsonAsync<JsonElement>(
            new Uri($"/admin/credits/transactions?account_id={a}&limit=1", UriKind.Relative));
        var all = await client.GetFromJsonAsync<JsonElement>(new Uri("/admin/credits/transactions?type=charge&offset=1", UriKind.Relative));

        Assert.Equal(
            (2, 1, 0), (page.GetProperty("total").GetInt32(), page.GetProperty("limit").GetInt32(), page.GetProperty("offset").GetInt32()));
        var line = Assert.Single(page.GetProperty("transactions").EnumerateArray());
        Assert.Equal(
            [
                "id", "account_id", "seq", "type", "amount", "balance_after", "key_id", "surface", "provider", "description",
                "metadata", "occurred_at", "recorded_at"],
            line.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("a2", -3, 7, 2), (
            line.GetProperty("id").GetString(), line.GetProperty("amount").GetInt32(), line.GetProperty("balance_after").GetInt32(),
            line.GetProperty("seq").GetInt32()));
        Assert.Equal("x", line.GetProperty("metadata").GetProperty("ref")[1].GetString());
        Assert.Equal((3, 2), (all.GetProperty("total").GetInt32(), all.GetProperty("transactions").GetArrayLength()));
        Assert.Equal(7, await bench.Get<LedgerReader>().BalanceAsync(a, default));
        Assert.Null(await bench.Get<LedgerReader>().BalanceAsync(4711, default));

        var verification = await client.GetFromJsonAsync<JsonElement>(new Uri("/admin/ledger/verify", UriKind.Relative));
        Assert.True(verification.GetProperty("ok").GetBoolean());
        Assert.Equal((2, 3, 0), (
            verification.GetProperty("accounts").GetInt32(), verification.GetProperty("entries").GetInt32(),
            verification.GetProperty("drift_credits").GetInt32()));
        Assert.Equal(0, verification.GetProperty("problems").GetArrayLength());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=-1&offset=-1&account_id=x", "account_id,limit,offset")]
    [InlineData("account_id=0", "account_id")]
    [InlineData("account_id=1&account_id=2", "account_id")]
    [InlineData("offset=99999999999999999999", "offset")]
    [InlineData("type=", "type")]
    [InlineData("type=a%00b", "type")]
    public async Task Transactions_WrongParameters_NamesEach(string query, string faults)
    {
        await using var bench = await LedgerBench.OpenAsync(postgres);
        await using var server = await ServeAsync(bench);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };

        using var response = await client.GetAsync(new Uri("/admin/credits/transactions?" + query, UriKind.Relative));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(
            (HttpStatusCode.BadRequest, "application/problem+json"),
            (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("invalid_request", problem.GetProperty("code").GetString());
        Assert.Equal(faults.Split(','), problem.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("parameter").GetString()));
    }

    private static async Task<WebApplication> ServeAsync(LedgerBench bench)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddWireJson().AddSingleton(bench.Get<LedgerReader>()).AddSingleton(bench.Get<LedgerVerifier>());
        var server = builder.Build();
        server.MapGroup("/admin").MapLedger().MapTransactions(EntryFilterReader.OwnNames);
        await server.StartAsync();
        return server;
    }
}
