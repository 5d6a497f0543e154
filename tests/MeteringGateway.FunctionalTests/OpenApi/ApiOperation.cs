using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.OpenApi;

/// <summary>One operation of the document.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonElement Spec)
{
    public string Name => $"{Method} {Path}";

    /// <summary>The first way to say who one is; null: it asks for none.</summary>
    public string? Security =>
        Spec.GetProperty("security").EnumerateArray().Select(one => one.EnumerateObject().First().Name).FirstOrDefault();

    public IReadOnlyList<string> Query => Parameters("query");

    public IReadOnlyList<string> Headers => Parameters("header");

    /// <summary>The example of the request; null: it has no body.</summary>
    public JsonObject? Example() =>
        Spec.TryGetProperty("requestBody", out var body)
        && body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out var example)
            ? JsonNode.Parse(example.GetRawText())!.AsObject()
            : null;

    public IReadOnlyList<string> Fields() =>
        Spec.TryGetProperty("requestBody", out var body)
        && body.GetProperty("content").GetProperty("application/json").GetProperty("schema").TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(one => one.Name)]
            : [];

    /// <summary>What is wrong with an answer: a failure of ours, a refusal of another shape, or one that the document does not have.</summary>
    public string? Fault(GatewayAnswer answer)
    {
        var status = (int)answer.Status;
        if (status < 400)
        {
            return IsDocumented(status) ? null : $"the status {status} is not documented";
        }

        // What the server itself can't parse as HTTP has no body, and its connection ends.
        if (answer.Text.Length == 0 && status == 400 && answer.Headers.GetValueOrDefault("Connection") == "close")
        {
            return null;
        }

        if (answer.Headers.GetValueOrDefault("Content-Type") != "application/problem+json")
        {
            return $"{status} is no problem document: {Cut(answer.Text)}";
        }

        var problem = answer.Json;
        if (answer.Headers.GetValueOrDefault("X-Request-Id") is null)
        {
            return $"{status} has no X-Request-Id: {Cut(answer.Text)}";
        }

        if (problem.GetProperty("ok").GetBoolean() || problem.GetProperty("status").GetInt32() != status || problem.GetProperty("credits_charged").GetInt64() != 0
            || problem.GetProperty("request_id").GetString() != answer.RequestId || problem.GetProperty("title").GetString() is not { Length: > 0 }
            || problem.GetProperty("detail").GetString() is not { Length: > 0 } || problem.GetProperty("type").GetString() != "urn:metering-gateway:error:" + answer.Code)
        {
            return $"{status} has another shape: {Cut(answer.Text)}";
        }

        return status is 500 or > 503 ? $"{status}: {Cut(answer.Text)}"
            : IsDocumented(status, answer.Code!) || IsOfTheRouting(answer) ? null
            : $"{status} {answer.Code} is not documented: {Cut(answer.Text)}";
    }

    private bool IsDocumented(int status) => Spec.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out _);

    private bool IsDocumented(int status, string code) =>
        Spec.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var response)
        && response.TryGetProperty("content", out var content)
        && content.TryGetProperty("application/problem+json", out var problem)
        && problem.GetProperty("examples").TryGetProperty(code, out _);

    /// <summary>A path that no longer is this operation's.</summary>
    private static bool IsOfTheRouting(GatewayAnswer answer) => answer.Code is "not_found" or "method_not_allowed";

    private static string Cut(string text) => text.Length <= 300 ? text : text[..300];

    private List<string> Parameters(string location) =>
        Spec.TryGetProperty("parameters", out var parameters)
            ? [.. parameters.EnumerateArray().Where(one => one.GetProperty("in").GetString() == location).Select(one => one.GetProperty("name").GetString()!)]
            : [];
}
