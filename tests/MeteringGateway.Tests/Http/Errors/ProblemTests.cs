using System.Text;
using System.Text.Json;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Http.Errors;

public sealed class ProblemTests
{
    // The contract's table, and the codes that other parts of it need.
    private static readonly Dictionary<string, int> Contract = new()
    {
        ["invalid_json"] = 400,
        ["invalid_request"] = 400,
        ["invalid_signature"] = 400,
        ["invalid_key"] = 401,
        ["insufficient_credits"] = 402,
        ["credits_reserved"] = 402,
        ["key_limit_exceeded"] = 402,
        ["account_budget_exceeded"] = 402,
        ["payment_declined"] = 402,
        ["payment_required"] = 402,
        ["surface_not_allowed"] = 403,
        ["account_suspended"] = 403,
        ["forbidden"] = 403,
        ["role_required"] = 403,
        ["sign_up_closed"] = 403,
        ["unknown_surface"] = 404,
        ["not_found"] = 404,
        ["method_not_allowed"] = 405,
        ["request_timeout"] = 408,
        ["conflict"] = 409,
        ["idempotency_body_not_kept"] = 409,
        ["idempotency_in_progress"] = 409,
        ["body_too_large"] = 413,
        ["unsupported_media_type"] = 415,
        ["idempotency_mismatch"] = 422,
        ["provider_rejected"] = 422,
        ["rate_limited"] = 429,
        ["internal_error"] = 500,
        ["providers_failed"] = 502,
        ["metering_unavailable"] = 503,
        ["backlog_full"] = 503,
        ["overloaded"] = 503,
        ["payments_disabled"] = 503,
        ["providers_timed_out"] = 504,
    };

    private static readonly string[] WithRetryAfter =
    [
        "credits_reserved", "idempotency_in_progress", "rate_limited", "metering_unavailable", "backlog_full",
        "overloaded", "payments_disabled",
    ];

    [Fact]
    public void Catalog_EveryCode_IsInTheContract()
    {
        var built = Enum.GetValues<ErrorCode>().Select(ErrorCatalog.Of).ToDictionary(facts => facts.Name, facts => facts.Status);

        Assert.Equal(Contract.OrderBy(pair => pair.Key), built.OrderBy(pair => pair.Key));
    }

    [Fact]
    public async Task Write_EveryCode_HasTheOneShape()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            var facts = ErrorCatalog.Of(code);
            var (context, body) = await WriteAsync(Problem.Of(code, "why"));

            Assert.Equal(facts.Status, context.Response.StatusCode);
            Assert.Equal("application/problem+json", context.Response.ContentType);
            Assert.Equal("urn:metering-gateway:error:" + facts.Name, body.GetProperty("type").GetString());
            Assert.Equal(facts.Title, body.GetProperty("title").GetString());
            Assert.Equal(facts.Status, body.GetProperty("status").GetInt32());
            Assert.Equal("why", body.GetProperty("detail").GetString());
            Assert.False(body.GetProperty("ok").GetBoolean());
            Assert.Equal(facts.Name, body.GetProperty("code").GetString());
            Assert.Equal("request-1", body.GetProperty("request_id").GetString());
            Assert.Equal(0, body.GetProperty("credits_charged").GetInt64());
            Assert.Equal("request-1", context.Response.Headers["X-Request-Id"]);
            Assert.Equal(code == ErrorCode.InvalidKey, context.Response.Headers.ContainsKey("WWW-Authenticate"));
            Assert.Equal(WithRetryAfter.Contains(facts.Name), context.Response.Headers.ContainsKey("Retry-After"));
        }
    }

    [Theory]
    [InlineData(20, 20, null)]
    [InlineData(21, 20, 1)]
    [InlineData(22_000, 20, 21_980)]
    public async Task Write_ManyErrors_ListsTwentyAndCountsTheRest(int count, int listed, int? more)
    {
        var (_, body) = await WriteAsync(
            Problem.InvalidRequest([.. Enumerable.Range(0, count).Select(i => new FieldError($"#/x{i}", "is not a field of this call"))]));

        Assert.Equal(listed, body.GetProperty("errors").GetArrayLength());
        Assert.Equal(more, body.TryGetProperty("more_errors", out var rest) ? rest.GetInt32() : null);
        Assert.StartsWith($"{count} fields", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_MembersOfACode_AreThere()
    {
        var (_, body) = await WriteAsync(new Problem
        {
            Code = ErrorCode.KeyLimitExceeded,
            Detail = "full",
            Limit = new ReachedLimit(50, 49, null),
            RequiredCredits = 7,
            RemainingCredits = 1,
            Surfaces = ["search"],
            Errors = [new FieldError("#/a", "wrong"), new FieldError("?limit", "odd")],
            ProviderAttempts = writer => { writer.WriteStartArray(); writer.WriteEndArray(); },
        });

        Assert.Equal(50, body.GetProperty("limit").GetInt64());
        Assert.Equal(49, body.GetProperty("spent").GetInt64());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("resets_at").ValueKind);
        Assert.Equal(7, body.GetProperty("required_credits").GetInt64());
        Assert.Equal(1, body.GetProperty("remaining_credits").GetInt64());
        Assert.Equal("search", body.GetProperty("surfaces")[0].GetString());
        Assert.Equal("#/a", body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal("limit", body.GetProperty("errors")[1].GetProperty("parameter").GetString());
        Assert.Equal(0, body.GetProperty("provider_attempts").GetArrayLength());
    }

    [Theory]
    [InlineData("{\"a\": 1.50,  \"b\":null}", "{\"a\": 1.50,  \"b\":null}")]
    [InlineData("<html>", "\"<html>\"")]
    [InlineData("", "\"\"")]
    [InlineData("{\"cut\":", "\"{\\u0022cut\\u0022:\"")]
    public async Task Write_ProvidersBody_IsPassedOnOrQuoted(string given, string expected)
    {
        var (context, body) = await WriteAsync(new Problem
        {
            Code = ErrorCode.ProviderRejected,
            Detail = "no",
            Status = 418,
            Result = Encoding.UTF8.GetBytes(given),
        });

        Assert.Equal(418, context.Response.StatusCode);
        Assert.Equal(418, body.GetProperty("status").GetInt32());
        var result = body.GetProperty("result");
        if (result.ValueKind == JsonValueKind.String)
        {
            Assert.Equal(JsonSerializer.Deserialize<string>(expected), result.GetString());
        }
        else
        {
            Assert.Equal(expected, result.GetRawText());
        }
    }

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(1.0, "1")]
    [InlineData(1.1, "2")]
    public async Task Write_RetryAfter_IsRoundedUp(double seconds, string expected)
    {
        var (context, _) = await WriteAsync(
            new Problem { Code = ErrorCode.RateLimited, Detail = "slow down", RetryAfter = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(expected, context.Response.Headers.RetryAfter);
    }

    private static async Task<(HttpContext Context, JsonElement Body)> WriteAsync(Problem problem)
    {
        var stream = new MemoryStream();
        var context = new DefaultHttpContext { TraceIdentifier = "request-1" };
        context.Response.Body = stream;
        await problem.WriteAsync(context);
        Assert.Equal(stream.Length, context.Response.ContentLength);
        return (context, JsonElement.Parse(stream.ToArray()));
    }
}
