using System.Net;
using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Http.OpenApi;

public sealed class DocumentedAnswersTests
{
    [Theory]
    [InlineData("GET", "admin/accounts?limit=1", 200, null)]
    [InlineData("GET", "admin/accounts/7", 404, "not_found")]
    [InlineData("GET", "api/v1/key", 429, "rate_limited")]
    [InlineData("HEAD", "api/v1/key", 200, null)]
    [InlineData("POST", "api/v1/query", 418, "provider_rejected")]
    [InlineData("POST", "api/v1/query", 206, null)]
    [InlineData("POST", "payment/sandbox/1", 303, null)]
    public void Check_AnAnswerThatIsListed_Passes(string method, string path, int status, string? code) =>
        DocumentedAnswers.Check(new HttpMethod(method), path, Answer(status, code));

    [Theory]
    [InlineData("GET", "admin/accounts", 201, null)]
    [InlineData("GET", "admin/accounts", 409, "conflict")]
    [InlineData("GET", "admin/accounts/7", 400, "conflict")]
    [InlineData("HEAD", "api/v1/key", 202, null)]
    [InlineData("GET", "api/v1/key", 418, "provider_rejected")]
    public void Check_AnAnswerThatNobodyListed_Fails(string method, string path, int status, string? code) =>
        Assert.Throws<InvalidOperationException>(() => DocumentedAnswers.Check(new HttpMethod(method), path, Answer(status, code)));

    private static GatewayAnswer Answer(int status, string? code) => new(
        (HttpStatusCode)status,
        new Dictionary<string, string> { ["Content-Type"] = code is null ? "application/json" : "application/problem+json" },
        code is null ? "" : $$"""{"code":"{{code}}"}""");
}
