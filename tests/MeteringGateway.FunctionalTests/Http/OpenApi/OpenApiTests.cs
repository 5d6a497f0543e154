using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MeteringGateway.FunctionalTests.Accounts.People;
using MeteringGateway.Http.OpenApi;
using Microsoft.AspNetCore.Routing;

namespace MeteringGateway.FunctionalTests.Http.OpenApi;

[Collection(PeopleTestGroup.Name)]
public sealed partial class OpenApiTests(PeopleGateway gateway)
{
    /// <summary>
    /// The sandbox's pages, which a customer's browser is sent to, and the document itself with its page. The console's are all below
    /// <c>/console</c>.
    /// </summary>
    private static readonly string[] Pages =
    [
        "GET /", "GET /payment/sandbox/{id}", "POST /payment/sandbox/{id}", "GET /payment/sandbox/portal", "GET /payment/return",
        "GET /openapi/v1.json", "GET /docs/{**file}", "HEAD /docs/{**file}",

        // Of a protocol with a description of its own.
        "POST /mcp", "POST /mcp/dessert", "GET /.well-known/oauth-protected-resource", "GET /.well-known/oauth-protected-resource/mcp",
        "GET /.well-known/oauth-protected-resource/mcp/dessert",
    ];

    [Fact]
    public async Task Document_OfTheGateway_HasEveryEndpointWithItsNote()
    {
        var served = gateway.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {Path(endpoint)}") ?? [])
            .Except(Pages).Where(name => !name.Contains(" /console", StringComparison.Ordinal)).Distinct().Order().ToList();

        var operations = Operations(await DocumentAsync()).ToDictionary(one => one.Name, one => one.Operation);

        Assert.Equal(served, operations.Keys.Order());
        Assert.Empty(operations.Where(one => !one.Value.TryGetProperty("summary", out _) || !one.Value.TryGetProperty("tags", out _))
            .Select(one => one.Key));
        Assert.Empty(gateway.Get<OperationNotes>().Operations.Except(operations.Keys));
    }

    /// <summary>They are the ledger's, whose comments the document's generator does not read.</summary>
    [Theory]
    [InlineData("LedgerVerification", null)]
    [InlineData("LedgerProblem", null)]
    [InlineData("Reconciliation", null)]
    [InlineData("LedgerDifference", null)]
    [InlineData("LedgerDifference", "kind")]
    [InlineData("LedgerDifference", "redis")]
    [InlineData("LedgerDifference", "expected")]
    [InlineData("RebuiltBalance", null)]
    public async Task Schemas_OfTheBooks_SayWhatTheyAre(string name, string? property)
    {
        var schema = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(name);
        var told = property is null ? schema : schema.GetProperty("properties").GetProperty(property);
        Assert.NotEmpty(told.GetProperty("description").GetString()!);
    }

    [Fact]
    public async Task Examples_OfRequestsAndAnswers_AreValidAgainstTheirSchemas()
    {
        var document = await DocumentAsync();
        var check = new SchemaCheck(document);
        var (faults, count) = (new List<string>(), 0);
        foreach (var (name, operation) in Operations(document).Where(one => !one.Name.StartsWith("HEAD ", StringComparison.Ordinal)))
        {
            foreach (var (at, media) in Media(operation))
            {
                if (media.TryGetProperty("example", out var example))
                {
                    count++;
                    faults.AddRange(check.Faults(media.GetProperty("schema"), example, $"{name} {at}"));
                }
                else if (at is "200" or "201" || (at == "request" && media.GetProperty("schema").TryGetProperty("properties", out _)))
                {
                    faults.Add($"{name} {at}: no example");
                }
            }
        }

        Assert.Empty(faults);
        Assert.InRange(count, 80, int.MaxValue);
    }

    [Fact]
    public async Task Operations_OfTheDocument_HaveNamesStatusesAndCredentials()
    {
        var document = await DocumentAsync();
        var faults = new List<string>();
        var ids = new HashSet<string>();
        var tags = document.GetProperty("tags").EnumerateArray()
            .ToDictionary(tag => tag.GetProperty("name").GetString()!, tag => tag.GetProperty("description").GetString()!);
        foreach (var (name, operation) in Operations(document))
        {
            var id = operation.TryGetProperty("operationId", out var given) ? given.GetString()! : "";
            Check(OperationId().IsMatch(id), "has no operationId in camelCase: give it one in operations.json");
            Check(ids.Add(id), $"has the operationId '{id}' of another");
            Check(
                operation.GetProperty("tags").GetArrayLength() == 1 && tags.ContainsKey(operation.GetProperty("tags")[0].GetString()!),
                "has a tag without a description: see DocumentFrame");
            Check(operation.TryGetProperty("security", out var security), "does not say whether it asks for credentials");
            var schemes = security.EnumerateArray().Select(one => one.EnumerateObject().First().Name).ToList();
            Check(
                schemes.TrueForAll(scheme =>
                    document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty(scheme, out _)),
                "has an unknown security scheme");
            Check(
                name.Contains(" /admin/", StringComparison.Ordinal) == schemes.SequenceEqual(["operatorToken"]),
                "is not closed as its path says");
            Check(
                gateway.Get<OperationNotes>().Find(name.Split(' ')[0], name.Split(' ')[1])!.Public == (schemes.Count == 0),
                "says in its note something else about its credentials");
            var statuses = operation.GetProperty("responses").EnumerateObject().Select(one => one.Name).ToList();
            Check(schemes.Count == 0 || statuses.Contains("401") || statuses.Contains("403"), "has no answer for wrong credentials");
            Check(
                !operation.TryGetProperty("requestBody", out _) || (statuses.Contains("400") && statuses.Contains("413")),
                "has no answer for a wrong body");
            Check(!name.Contains('{', StringComparison.Ordinal) || statuses.Contains("404"), "has no answer for a thing that is not there");

            void Check(bool isRight, string fault)
            {
                if (!isRight)
                {
                    faults.Add($"{name} {fault}");
                }
            }
        }

        Assert.Empty(faults);
        Assert.NotEqual("", document.GetProperty("servers")[0].GetProperty("url").GetString());
        Assert.DoesNotContain(
            tags.Keys, tag => tag.EndsWith("Endpoint", StringComparison.Ordinal) || tag.EndsWith("Endpoints", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Document_AskedForAgain_IsTheSameBytesAndNeedsNoBody()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => gateway.Client.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null)));
        var tag = Assert.Single(answers.Select(answer => answer.Headers["ETag"]).Distinct());
        Assert.Single(answers.Select(answer => answer.Text).Distinct());

        var again = await gateway.Client.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null, ("If-None-Match", tag));
        var other = await gateway.Client.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null, ("If-None-Match", "\"other\""));
        using var request = new HttpRequestMessage(HttpMethod.Get, "openapi/v1.json") { Headers = { { "Accept-Encoding", "gzip" } } };
        using var packed = await gateway.Client.Http.SendAsync(request);
        await using var unpacked = new System.IO.Compression.GZipStream(
            await packed.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);

        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Text));
        Assert.Equal(HttpStatusCode.OK, other.Status);
        Assert.Equal(answers[0].Text, await reader.ReadToEndAsync());
        Assert.InRange(packed.Content.Headers.ContentLength!.Value, 1, answers[0].Text.Length / 4);
    }

    [Fact]
    public async Task IdempotencyKey_WhereItIsOffered_MakesARepeatTheSame()
    {
        var offered = Operations(await DocumentAsync())
            .Where(one => one.Operation.TryGetProperty("parameters", out var parameters)
                && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key"))
            .Select(one => one.Name);
        Assert.Equal(
            ["POST /api/credits/top-up", "POST /api/me/purchases", "POST /api/v1/query", "POST /payment/create-session"], offered.Order());
    }

    [Fact]
    public async Task Page_AtDocs_LoadsNothingFromElsewhere()
    {
        using var moved = await gateway.Client.Http.GetAsync(new Uri("docs", UriKind.Relative));
        var html = await gateway.Client.Http.GetStringAsync(new Uri("docs/index.html", UriKind.Relative));

        Assert.Contains(moved.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.MovedPermanently, HttpStatusCode.Redirect });
        var sources = Source().Matches(html).Select(match => match.Groups["url"].Value).ToList();
        Assert.NotEmpty(sources);
        foreach (var source in sources)
        {
            Assert.DoesNotContain("//", source, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync(HttpMethod.Get, "docs/" + source, null, null)).Status);
        }
    }

    private async Task<JsonElement> DocumentAsync() =>
        (await gateway.Client.SendAsync(HttpMethod.Get, "openapi/v1.json", null, null)).Expect(HttpStatusCode.OK);

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value);

    private static IEnumerable<(string At, JsonElement Media)> Media(JsonElement operation)
    {
        if (operation.TryGetProperty("requestBody", out var body))
        {
            foreach (var media in body.GetProperty("content").EnumerateObject())
            {
                yield return ("request", media.Value);
            }
        }

        foreach (var response in operation.GetProperty("responses").EnumerateObject())
        {
            // Only what has no body has no content.
            var content = response.Name is "200" or "201" ? response.Value.GetProperty("content")
                : response.Value.TryGetProperty("content", out var given) ? given
                : default;
            foreach (var media in content.ValueKind == JsonValueKind.Object ? content.EnumerateObject() : default)
            {
                yield return (response.Name, media.Value);
            }
        }
    }

    private static string Path(RouteEndpoint endpoint)
    {
        var path = "/" + Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "{${name}}");
        return path;
    }

    [GeneratedRegex(@"\{(?<name>\w+):\w+\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\A[a-z][A-Za-z0-9]*\z")]
    private static partial Regex OperationId();

    [GeneratedRegex("(?:src|href)=\"(?<url>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Source();
}
