namespace MeteringGateway.Engine.Recovery;

/// <summary>How a partition came to be served.</summary>
internal enum PartitionOpening
{
    /// <summary>As it stood: Redis is the one that it was.</summary>
    Adopted,

    /// <summary>Nobody had served it before, or its Redis was started again and has lost nothing: what every start may find.</summary>
    Begun,

    /// <summary>Its Redis had lost what the ledger knows.</summary>
    Recovered,
}
