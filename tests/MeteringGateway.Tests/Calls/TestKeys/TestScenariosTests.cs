using MeteringGateway.Calls.TestKeys;
using MeteringGateway.Http.Errors;
using Microsoft.AspNetCore.Http;

namespace MeteringGateway.Tests.Calls.TestKeys;

public sealed class TestScenariosTests
{
    [Theory]
    [InlineData(null, "None")]
    [InlineData("insufficient_credits", "InsufficientCredits")]
    [InlineData("key_limit_exceeded", "KeyLimitExceeded")]
    [InlineData("providers_failed", "ProvidersFailed")]
    [InlineData("slow", "Slow")]
    [InlineData("Slow", null)]
    [InlineData(" slow", null)]
    [InlineData("none", null)]
    [InlineData("", null)]
    [InlineData("slow|slow", null)]
    public void Read_TheHeader_IsOneOfThemOrNothing(string? value, string? scenario)
    {
        var headers = new HeaderDictionary();
        if (value is not null)
        {
            headers[TestScenarios.Header] = value.Split('|');
        }

        Assert.Equal(scenario, TestScenarios.Read(headers)?.ToString());
    }

    [Fact]
    public void Unknown_NamesTheHeaderAndEveryScenario()
    {
        var error = Assert.Single(TestScenarios.Unknown.Errors!);

        Assert.Equal((ErrorCode.InvalidRequest, "?X-Test-Scenario"), (TestScenarios.Unknown.Code, error.Pointer));
        Assert.All(["insufficient_credits", "key_limit_exceeded", "providers_failed", "slow"],
            name => Assert.Contains(name, error.Detail, StringComparison.Ordinal));
    }
}
