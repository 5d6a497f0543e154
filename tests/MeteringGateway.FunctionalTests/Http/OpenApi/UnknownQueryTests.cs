
namespace MeteringGateway.FunctionalTests.Http.OpenApi;

/// <summary>
/// A parameter that nobody reads is a filter that the caller believes in: 400 everywhere, by name, with those that there are.
/// </summary>
[Collection(ApiTestGroup.Name)]
public sealed class UnknownQueryTests(ApiWorld world)
{
    /// <summary>What others add to their calls must not be in the way: probes, scrapes, and what payment providers send.</summary>
    private static readonly string[] s_open = ["/healthz", "/readyz", "/metrics", "/payment/webhook/stripe", "/payment/webhook/creem"];

    [Fact]
    public async Task Operations_WithAParameterThatNobodyReads_SayWhichThereAre()
    {
        var faults = new List<string>();
        foreach (var operation in world.Operations.Where(operation => !s_open.Contains(operation.Path)))
        {
            var cast = await world.NewCastAsync();
            var answer = await world.SendAsync(operation, cast, cast.PathOf(operation) + "?limt=5");
            var detail = (int)answer.Status == 400 ? answer.Json.GetProperty("errors")[0].GetProperty("detail").GetString()! : "";
            if ((int)answer.Status != 400 || answer.Code != "invalid_request"
                || answer.Json.GetProperty("errors")[0].GetProperty("parameter").GetString() != "limt"
                || operation.Query.Any(name => !detail.Contains(name, StringComparison.Ordinal)))
            {
                faults.Add($"{operation.Name}: {answer.Status} {answer.Text}");
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Operations_WithAParameterTwiceOrEmpty_NameIt()
    {
        var faults = new List<string>();
        foreach (var operation in world.Operations.Where(operation => !s_open.Contains(operation.Path)))
        {
            var cast = await world.NewCastAsync();
            foreach (var name in operation.Query)
            {
                foreach (var query in new[] { $"{name}=1&{name}=1", $"{name}=", name })
                {
                    var answer = await world.SendAsync(operation, cast, $"{cast.PathOf(operation)}?{query}");
                    if ((int)answer.Status != 400
                        || !answer.Json.GetProperty("errors").EnumerateArray()
                            .Any(error => error.GetProperty("parameter").GetString() == name))
                    {
                        faults.Add($"{operation.Name}?{query}: {answer.Status} {answer.Text}");
                    }
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task Operations_WithoutCredentials_TellNothingElse()
    {
        foreach (var operation in world.Operations.Where(operation => operation.Security is not null))
        {
            var cast = await world.NewCastAsync();
            var answer = await world.SendAsync(
                operation, cast, cast.PathOf(operation) + "?limt=5", null, ("Authorization", "Bearer nonsense"));
            Assert.Contains((int)answer.Status, new[] { 401, 403 });
        }
    }

    [Theory]
    [InlineData("dry_run=yes")]
    [InlineData("surface=search")]
    [InlineData("x")]
    public async Task MeteredCall_WithAParameter_IsNotMade(string query)
    {
        var cast = await world.NewCastAsync();
        var calls = world.Provider.Requests.Count;
        var answer = await world.Client.SendAsync(
            HttpMethod.Post, "api/v1/query?" + query, cast.Key,
            new StringContent("""{"surface":"search"}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((400, "invalid_request", 0), ((int)answer.Status, answer.Code, answer.CreditsCharged));
        Assert.Equal(calls, world.Provider.Requests.Count);
        Assert.Equal(1000, (await world.Client.AdminAsync(HttpMethod.Get, $"admin/accounts/{cast.Account}")).ExpectSuccess()
            .GetProperty("credit_balance").GetInt64());
    }

    [Theory]
    [InlineData("healthz?verbose", 200)]
    [InlineData("metrics?name=x", 200)]
    [InlineData("payment/webhook/stripe?endpoint=1", 400)]
    public async Task Probes_WithAParameter_LookAway(string path, int status)
    {
        var answer = await world.Client.SendAsync(path.StartsWith('p') ? HttpMethod.Post : HttpMethod.Get, path, null, null);
        Assert.Equal(status, (int)answer.Status);
        Assert.True(status == 200 || answer.Code == "invalid_signature");
    }
}
