using MeteringGateway.Accounts.Accounts;

namespace MeteringGateway.Accounts.People;

/// <summary>A session, its token shown this once, and whose it is.</summary>
internal sealed record SignedInView(string Session, DateTimeOffset ExpiresAt, UserView User);

internal sealed record UserView(long Id, string Email, string FullName, string Kind)
{
    public static UserView Of(AccountRow row) => new(row.Id, row.Email, row.FullName, row.Kind);
}
