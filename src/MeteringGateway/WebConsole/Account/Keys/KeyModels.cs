using MeteringGateway.Calls.Surfaces;
using MeteringGateway.Http.Edge;
using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Keys;

/// <summary>A limit and what is used of it; the figures are null while Redis is away.</summary>
public sealed record LimitInfo(string Type, string? Period, long Limit, long? Spent, long? Held, long? Remaining, DateTimeOffset? ResetsAt)
{
    /// <summary>Of the form's field: <c>FIXED</c>, <c>DAILY</c>, …</summary>
    public string Window => Period ?? Type;

    public string Name => Period switch { "DAILY" => "Each day", "WEEKLY" => "Each week", "MONTHLY" => "Each month", _ => "In all" };
}

/// <summary>A key, as <c>GET /api/me/keys</c> tells it.</summary>
public sealed record KeyInfo(
    long Id, long AccountId, string Name, string Prefix, string Mode, string Status, IReadOnlyList<string>? Surfaces,
    int? RateLimitPerMinute, DateTimeOffset? ExpiresAt, DateTimeOffset CreatedAt, IReadOnlyList<LimitInfo> Limits)
{
    public MakerInfo? MadeBy { get; init; }

    /// <summary>Only in the answer that made it.</summary>
    public string? Key { get; init; }

    public bool IsActive => Status == "active";

    public long? LimitOf(string window) => Limits.FirstOrDefault(limit => limit.Window == window)?.Limit;
}

public sealed record MakerInfo(long AccountId, string Email);

public sealed record KeyList(IReadOnlyList<KeyInfo> Keys, long Total)
{
    /// <summary>The most of a page of the API.</summary>
    internal const int PageRows = 200;
}

/// <param name="Keys">Null: they can't be read now.</param>
/// <param name="Surfaces">Those that there are, by slug.</param>
/// <param name="Problem">Why they can't be read, or what was wrong with the form.</param>
/// <param name="Typed">The form as it was sent; null: it was not.</param>
public sealed record KeysModel(IReadOnlyList<KeyInfo>? Keys, IReadOnlyList<string> Surfaces, ApiProblem? Problem, KeyForm? Typed)
{
    /// <summary>Where in the list; null: it can't be read now.</summary>
    public PagerModel? Pager { get; init; }

    /// <summary>Where the pages of its keys begin.</summary>
    public required string Link { get; init; }

    /// <summary>Where a new one is made.</summary>
    public required string NewLink { get; init; }
}

/// <param name="Key">As it is.</param>
/// <param name="Surfaces">Those that there are, by slug.</param>
/// <param name="Problem">What was wrong with the form.</param>
public sealed record KeyModel(KeyInfo Key, IReadOnlyList<string> Surfaces, ApiProblem? Problem)
{
    /// <summary>Where the forms of this key go.</summary>
    public required string Link { get; init; }
}

/// <param name="Key">With its secret.</param>
/// <param name="Address">Of the metered call.</param>
/// <param name="Surface">One that it may call; null: there is none.</param>
/// <param name="Link">To the keys.</param>
public sealed record KeyMadeModel(KeyInfo Key, string Address, string? Surface, string Link)
{
    internal static KeyMadeModel Of(KeyInfo key, PublicUrl address, SurfaceCatalog surfaces, string link) =>
        new(key, address.Value + "/api/v1/query", (key.Surfaces ?? surfaces.Slugs) is [var first, ..] ? first : null, link);
}
