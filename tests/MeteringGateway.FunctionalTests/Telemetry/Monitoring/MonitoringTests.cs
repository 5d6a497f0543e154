using MeteringGateway.Testing;

namespace MeteringGateway.FunctionalTests.Telemetry.Monitoring;

/// <summary>
/// Rules and dashboards against the real thing: a series that was renamed, a label that is not there, a query that Prometheus does not take
/// would leave a panel empty and an alert silent.
/// </summary>
public sealed class MonitoringTests(MonitoringFixture fixture) : IClassFixture<MonitoringFixture>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static readonly string[] s_codes =
    [
        "body_too_large", "idempotency_mismatch", "insufficient_credits", "invalid_json", "invalid_key", "invalid_request",
        "key_limit_exceeded", "overloaded", "provider_rejected", "providers_failed", "providers_timed_out", "rate_limited",
        "surface_not_allowed", "unknown_surface", "unsupported_media_type",
    ];

    /// <summary>Otherwise what is asked below would be asked of nothing.</summary>
    [Fact]
    public Task Calls_OfEveryOutcome_EndAsTheyShould() => Eventually.TrueAsync(
        () => Task.FromResult(fixture.Codes.IsSupersetOf(s_codes)),
        () => $"no call was refused with {string.Join(", ", s_codes.Except(fixture.Codes))}",
        s_patience);

    [Fact]
    public Task Panels_OfEveryDashboard_HaveData() => AnsweredAsync(RepositoryFiles.PanelQueries());

    [Fact]
    public async Task Rules_AllOfThem_AreEvaluatedWithoutError()
    {
        IReadOnlyList<(string Name, string Expression, string Health, string Error)> rules = [];
        await Eventually.TrueAsync(
            async () => (rules = await fixture.Prometheus.RulesAsync()).All(rule => rule.Health != "unknown"),
            () => "rules were not evaluated",
            s_patience);
        Assert.NotEmpty(rules);
        Assert.Empty(rules.Where(rule => rule.Health != "ok").Select(rule => $"{rule.Name}: {rule.Error}"));
    }

    /// <summary>An alert that does not fire has no result, but what it looks at must be there.</summary>
    [Fact]
    public async Task Rules_AllOfThem_LookAtSeriesThatAreThere() => await AnsweredAsync(
        [
            .. from rule in await fixture.Prometheus.RulesAsync()
               from selector in RepositoryFiles.Selectors(rule.Expression)
               select (rule.Name, selector),
        ]);

    /// <summary>Each query, until it has returned a number; those that never have are named.</summary>
    private async Task AnsweredAsync(IReadOnlyList<(string Name, string Query)> queries)
    {
        Assert.NotEmpty(queries);
        var open = queries;
        await Eventually.TrueAsync(
            async () =>
            {
                var empty = new List<(string Name, string Query)>();
                foreach (var one in open)
                {
                    if ((await fixture.Prometheus.QueryAsync(one.Query)).Count == 0)
                    {
                        empty.Add(one);
                    }
                }

                open = empty;
                return open.Count == 0;
            },
            () => string.Join('\n', open.Select(one => $"{one.Name} has no data: {one.Query}")),
            s_patience);
    }
}
