using System.Text.RegularExpressions;

namespace MeteringGateway.Tests.Repository;

/// <summary>An alert that leads nowhere, or that nobody has seen firing and silent, is noise at night.</summary>
public sealed partial class AlertTests
{
    [Fact]
    public void Alert_AnyOfThem_SaysHowBadItIsAndLeadsToItsPage() =>
        Assert.Empty(
            from alert in MonitoringFiles.Alerts
            where !Severity().IsMatch(alert.Text)
                || !alert.Text.Contains("summary: ", StringComparison.Ordinal)
                || !alert.Text.Contains("description: ", StringComparison.Ordinal)
                || !alert.Text.Contains($"/docs/operations.md#{alert.Name.ToLowerInvariant()}\n", StringComparison.Ordinal)
            select alert.Name);

    [Fact]
    public void Pages_OfTheRunbook_AreThoseOfTheAlerts() =>
        Assert.Equal(
            MonitoringFiles.Alerts.Select(alert => alert.Name).Order(StringComparer.Ordinal),
            Heading().Matches(MonitoringFiles.Operations).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));

    /// <summary>An operator asks the same of each page.</summary>
    [Fact]
    public void Page_AnyOfThem_AnswersWhatAnOperatorAsks() =>
        Assert.Empty(
            from page in MonitoringFiles.Operations.Split("\n### ").Skip(1)
            where page.StartsWith("Metering", StringComparison.Ordinal)
            from question in new[] { "**Means**", "**Customers**", "**Money**", "**Look**", "**Do**", "**Over**" }
            where !page.Contains(question, StringComparison.Ordinal)
            select $"{page.Split('\n')[0]}: {question}");

    [Fact]
    public void Alert_AnyOfThem_IsTestedFiringAndSilent() =>
        Assert.Empty(
            from alert in MonitoringFiles.Alerts
            let seen = Tested().Matches(MonitoringFiles.RuleTests)
                .Where(match => match.Groups[1].Value == alert.Name)
                .Select(match => match.Groups[2].Value == "[]")
                .ToHashSet()
            where seen.Count < 2
            select alert.Name);

    [Fact]
    public void Recording_AnyOfThem_IsTestedAndUsed()
    {
        var used = string.Join('\n', MonitoringFiles.Expressions().Select(one => one.Expression).Append(MonitoringFiles.Operations));
        Assert.Empty(
            from recording in MonitoringFiles.Recordings
            where !Regex.IsMatch(MonitoringFiles.RuleTests, $@"expr: (?:round\()?{Regex.Escape(recording.Name)}\b")
                || !Regex.IsMatch(used, $@"(?<![\w:]){Regex.Escape(recording.Name)}(?![\w:])")
            select recording.Name);
    }

    [GeneratedRegex(@"severity: (?:critical|warning)\n")]
    private static partial Regex Severity();

    [GeneratedRegex(@"^### (Metering\w+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"alertname: (\w+)\n\s*exp_alerts:(?: (\[\]))?")]
    private static partial Regex Tested();
}
