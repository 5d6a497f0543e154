using MeteringGateway.Http.Errors;

namespace MeteringGateway.Calls.TestKeys;

internal enum TestScenario
{
    /// <summary>None was asked for: the call goes as it would.</summary>
    None,
    InsufficientCredits,
    KeyLimitExceeded,
    ProvidersFailed,
    Slow,
}

/// <summary>The header with which a test key asks for an outcome.</summary>
internal static class TestScenarios
{
    public const string Header = "X-Test-Scenario";

    /// <summary>Null: it asks for something that there is not.</summary>
    public static TestScenario? Read(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Header, out var values))
        {
            return TestScenario.None;
        }

        return values.Count != 1 ? null : values[0] switch
        {
            "insufficient_credits" => TestScenario.InsufficientCredits,
            "key_limit_exceeded" => TestScenario.KeyLimitExceeded,
            "providers_failed" => TestScenario.ProvidersFailed,
            "slow" => TestScenario.Slow,
            _ => null,
        };
    }

    public static Problem Unknown { get; } = new()
    {
        Code = ErrorCode.InvalidRequest,
        Detail = $"The header {Header} {Allowed}.",
        Errors = [new FieldError("?" + Header, Allowed)],
    };

    private const string Allowed = "must be one of insufficient_credits, key_limit_exceeded, providers_failed, slow";
}
