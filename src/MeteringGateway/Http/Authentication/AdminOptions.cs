using MeteringGateway.Configuration;

namespace MeteringGateway.Http.Authentication;

/// <summary>The section <c>Admin</c>.</summary>
internal sealed class AdminOptions
{
    public const string Section = "Admin";

    /// <summary>The operator's token. Unset: a random one is made at the first start and printed once.</summary>
    public string? Token { get; set; }

    /// <summary>A token with a space or a line's end, which a secret read from a file easily has, would lock the operator out.</summary>
    public void Check(ConfigurationErrors errors)
    {
        if (Token is not null && Token.Any(c => c is < '!' or > '~'))
            errors.AddWithoutValue(
                $"{Section}:{nameof(Token)}",
                "has a value that no header can carry (not shown): must be visible ASCII characters without spaces");
    }
}
