namespace MeteringGateway.Authentication;

/// <summary>The section <c>Admin</c>.</summary>
internal sealed class AdminOptions
{
    /// <summary>The operator's token. Unset: a random one is made at the first start and printed once.</summary>
    public string? Token { get; set; }
}
