using MeteringGateway.WebConsole.Frame.Inside;
using MeteringGateway.WebConsole.Frame.Parts;

namespace MeteringGateway.WebConsole.Account.Usage;

/// <param name="Group">A surface, a key or a provider.</param>
/// <param name="Calls">That were charged.</param>
/// <param name="Credits">That they cost.</param>
/// <param name="Refused">Calls that were not charged; null: not counted by this group.</param>
public sealed record UsageLine(string Group, long Calls, long Credits, long? Refused);

/// <param name="Code">Why.</param>
/// <param name="Calls">How many.</param>
public sealed record RefusalLine(string Code, long Calls);

/// <param name="Filter">What the address asks for.</param>
/// <param name="Problem">What is wrong with it, or why there is nothing to show.</param>
public sealed record UsageModel(UsageFilter Filter, ApiProblem? Problem)
{
    /// <summary>Null: there is nothing to show.</summary>
    public ChartModel? Chart { get; init; }

    public IReadOnlyList<UsageLine> Lines { get; init; } = [];

    public IReadOnlyList<RefusalLine> Refusals { get; init; } = [];

    public long Calls { get; init; }

    public long Credits { get; init; }

    public DateTimeOffset? AsOf { get; init; }

    public bool IsCut { get; init; }

    /// <summary>Of this page.</summary>
    public string Path { get; init; } = "";

    /// <summary>Who used most, where all accounts are shown.</summary>
    public IReadOnlyList<TopLine> Top { get; init; } = [];
}

/// <param name="AccountId">Whose.</param>
/// <param name="Name">Of the account.</param>
/// <param name="Calls">That were charged.</param>
/// <param name="Credits">That they cost.</param>
public sealed record TopLine(long AccountId, string Name, long Calls, long Credits);
