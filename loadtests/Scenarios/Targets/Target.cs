using MeteringGateway.Scenarios.LedgerChecks;

namespace MeteringGateway.Scenarios.Targets;

/// <summary>Where load goes: a gateway, the keys that there are for it, and who knows its ledger.</summary>
internal abstract class Target : IAsyncDisposable
{
    /// <summary>One line for a reader of the report.</summary>
    public abstract string Title { get; }

    /// <summary>Keys of accounts that can pay.</summary>
    public abstract KeyPool Keys { get; }

    public abstract GatewayCalls Calls { get; }
    public abstract ILedgerCheck LedgerCheck { get; }
    public abstract ValueTask DisposeAsync();
}
