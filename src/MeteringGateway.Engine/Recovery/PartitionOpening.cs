namespace MeteringGateway.Engine.Recovery;

/// <summary>How a partition came to be served.</summary>
internal enum PartitionOpening
{
    /// <summary>Redis is the same process with the same data: served as it stands.</summary>
    Adopted,

    /// <summary>A partition that was never served, or whose Redis was restarted without loss: an ordinary start.</summary>
    Begun,

    /// <summary>Redis had lost data that the ledger has.</summary>
    Recovered,
}
