using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MeteringGateway.FunctionalTests.People;
using MeteringGateway.OpenApi;
using Microsoft.AspNetCore.Routing;

namespace MeteringGateway.FunctionalTests.OpenApi;

[Collection(PeopleTestGroup.Name)]
public sealed partial class OpenApiTests(PeopleGateway gateway)
{
    /// <summary>The sandbox's pages, which a customer's browser is sent to, and the document itself with its page.</summary>
    private static readonly string[] Pages = ["GET /payment/sandbox/{id}", "POST /payment/sandbox/{id}", "GET /payment/sandbox/portal", "GET /openapi/{documentName}.json"];

    [Fact]
    public async Task Document_OfTheGateway_HasEveryEndpointWithItsNote()
    {
        var served = gateway.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {Path(endpoint)}") ?? [])
            .Except(Pages).Distinct().Order().ToList();

        var operations = Operations(await DocumentAsync()).ToDictionary(one => one.Name, one => one.Operation);

        Assert.Equal(served, operations.Keys.Order());
        Assert.Empty(operations.Where(one => !one.Value.TryGetProperty("summary", out _) || !one.Value.TryGetProperty("tags", out _)).Select(one => one.Key));
        Assert.Empty(gateway.Get<OperationNotes>().Operations.Except(operations.Keys));
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
                else if (at != "default" && !at.StartsWith("202", StringComparison.Ordinal))
                {
                    faults.Add($"{name} {at}: no example");
                }
            }
        }

        Assert.Empty(faults);
        Assert.InRange(count, 80, int.MaxValue);
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
            var content = response.Name is "200" or "201" ? response.Value.GetProperty("content") : response.Value.TryGetProperty("content", out var given) ? given : default;
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

    [GeneratedRegex("(?:src|href)=\"(?<url>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Source();
}
