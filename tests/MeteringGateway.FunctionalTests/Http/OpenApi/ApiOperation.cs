using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.OpenApi;

/// <summary>One operation of the document.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonElement Spec)
{
    private const string Problem = "application/problem+json";

    public string Name => $"{Method} {Path}";

    /// <summary>The first way to say who one is; null: it asks for none.</summary>
    public string? Security =>
        Spec.GetProperty("security").EnumerateArray().Select(one => one.EnumerateObject().First().Name).FirstOrDefault();

    public IReadOnlyList<string> Query => Parameters("query");

    public IReadOnlyList<string> Headers => Parameters("header");

    /// <summary>Whether a call of this path is a call of this operation.</summary>
    public bool Fits(string path)
    {
        var (own, given) = (Path.Trim('/').Split('/'), path.Split('?')[0].Trim('/').Split('/'));
        return own.Length == given.Length && own.Zip(given).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    /// <summary>The example of the request; null: it has no body.</summary>
    public JsonObject? Example() =>
        Spec.TryGetProperty("requestBody", out var body)
        && body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out var example)
            ? JsonNode.Parse(example.GetRawText())!.AsObject()
            : null;

    public IReadOnlyList<string> Fields() =>
        Spec.TryGetProperty("requestBody", out var body)
        && body.GetProperty("content").GetProperty("application/json").GetProperty("schema")
            .TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Select(one => one.Name)]
            : [];

    /// <summary>
    /// What is wrong with an answer: a failure of ours, a refusal of another shape, or one that the document does not have.
    /// </summary>
    public string? Fault(GatewayAnswer answer)
    {
        var status = (int)answer.Status;
        if (status < 400 || IsOfTheServer(answer))
        {
            return Undocumented(answer);
        }

        if (answer.Headers.GetValueOrDefault("Content-Type") != Problem)
        {
            return $"{status} is no problem document: {Cut(answer.Text)}";
        }

        var problem = answer.Json;
        if (answer.Headers.GetValueOrDefault("X-Request-Id") is null)
        {
            return $"{status} has no X-Request-Id: {Cut(answer.Text)}";
        }

        if (problem.GetProperty("ok").GetBoolean() || problem.GetProperty("status").GetInt32() != status
            || problem.GetProperty("credits_charged").GetInt64() != 0
            || problem.GetProperty("request_id").GetString() != answer.RequestId
            || problem.GetProperty("title").GetString() is not { Length: > 0 }
            || problem.GetProperty("detail").GetString() is not { Length: > 0 }
            || problem.GetProperty("type").GetString() != "urn:metering-gateway:error:" + answer.Code)
        {
            return $"{status} has another shape: {Cut(answer.Text)}";
        }

        return status is 500 or > 503 ? $"{status}: {Cut(answer.Text)}" : Undocumented(answer);
    }

    /// <summary>Null: the document has the status, and with it the code of a refusal.</summary>
    public string? Undocumented(GatewayAnswer answer)
    {
        var (status, isProblem) = ((int)answer.Status, answer.Headers.GetValueOrDefault("Content-Type") == Problem);
        var isKnown = isProblem && answer.Text.Length > 0
            ? IsDocumented(status, answer.Code!) || IsOfTheRouting(answer) || IsPassedOn(answer)
            : IsDocumented(status) || IsOfTheServer(answer);
        return isKnown ? null : $"{status} {(isProblem ? answer.Code : null)} is not documented: {Cut(answer.Text)}";
    }

    /// <summary>What the server itself can't parse as HTTP has no body, and its connection ends.</summary>
    private static bool IsOfTheServer(GatewayAnswer answer) =>
        answer.Text.Length == 0 && (int)answer.Status == 400 && answer.Headers.GetValueOrDefault("Connection") == "close";

    /// <summary>A provider's rejection may have any status.</summary>
    private bool IsPassedOn(
        GatewayAnswer answer) => answer.Code == "provider_rejected" && Spec.GetProperty("responses").TryGetProperty("default", out _);

    private bool IsDocumented(int status) =>
        Spec.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out _)
        || Spec.GetProperty("responses").TryGetProperty(string.Create(CultureInfo.InvariantCulture, $"{status / 100}XX"), out _);

    private bool IsDocumented(int status, string code) =>
        Spec.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var response)
        && response.TryGetProperty("content", out var content)
        && content.TryGetProperty(Problem, out var problem)
        && problem.GetProperty("examples").TryGetProperty(code, out _);

    /// <summary>A path that no longer is this operation's.</summary>
    private static bool IsOfTheRouting(GatewayAnswer answer) => answer.Code is "not_found" or "method_not_allowed";

    private static string Cut(string text) => text.Length <= 300 ? text : text[..300];

    private List<string> Parameters(string location) =>
        Spec.TryGetProperty("parameters", out var parameters)
            ? [.. parameters.EnumerateArray().Where(one => one.GetProperty("in").GetString() == location)
                .Select(one => one.GetProperty("name").GetString()!)]
            : [];
}
