namespace MeteringGateway.WebConsole.Frame;

/// <summary>A line of the navigation.</summary>
/// <param name="Path">The page it leads to; pages below it count as its own.</param>
/// <param name="Text">As it stands there.</param>
public sealed record NavigationLine(string Path, string Text)
{
    public static IReadOnlyList<NavigationLine> OfCustomers { get; } =
    [
        new("/console", "Overview"),
        new("/console/usage", "Usage"),
        new("/console/ledger", "Ledger"),
        new("/console/keys", "API keys"),
        new("/console/credits", "Credits"),
        new("/console/subscription", "Subscription"),
        new("/console/notices", "Notices"),
        new("/console/team", "Team"),
        new("/console/settings", "Settings"),
    ];

    public static IReadOnlyList<NavigationLine> OfOperators { get; } =
    [
        new("/console/operator", "Status"),
        new("/console/operator/accounts", "Accounts"),
        new("/console/operator/usage", "Usage"),
        new("/console/operator/surfaces", "Surfaces"),
        new("/console/operator/catalog", "Catalog"),
        new("/console/operator/payments", "Payments"),
        new("/console/operator/audit", "Audit"),
    ];

    public bool IsCurrent(string path) =>
        path == Path || (Path is not ("/console" or "/console/operator") && path.StartsWith(Path + "/", StringComparison.Ordinal));
}
