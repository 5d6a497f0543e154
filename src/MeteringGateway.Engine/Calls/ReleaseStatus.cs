namespace MeteringGateway.Engine.Calls;

/// <summary>The answers of release.</summary>
internal enum ReleaseStatus
{
    Released = 1,

    /// <summary>There is no such hold: it was resolved, or never made.</summary>
    Resolved = 2,

    /// <summary>Only to expiry: the hold's deadline has not passed.</summary>
    NotExpired = 3,
}
