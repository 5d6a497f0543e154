namespace MeteringGateway.Http.Authentication;

/// <summary>What a person may do in a team. An account is always its own owner.</summary>
internal static class TeamRole
{
    /// <summary>Says who is in the team, and all that billing may.</summary>
    public const string Owner = "owner";

    /// <summary>Buys, binds and changes money.</summary>
    public const string Billing = "billing";

    /// <summary>Calls, reads, and makes keys within what an owner allows.</summary>
    public const string Member = "member";

    public static readonly string[] All = [Owner, Billing, Member];

    public static bool HandlesMoney(string role) => role is Owner or Billing;
}
