using MeteringGateway.Http.Authentication;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Sales.Rewards;

/// <summary>The person that asks for free credits, and the wallet that is to have them.</summary>
/// <param name="AccountId">The wallet's account.</param>
/// <param name="PersonId">The person's account: each person gets a reward once, whatever wallets it shares.</param>
internal readonly record struct RewardClaim(long AccountId, long PersonId);

/// <summary>Finds the person behind a credential of a wallet.</summary>
internal sealed class RewardClaimant(NpgsqlDataSource database)
{
    private static readonly string FindPerson = SqlFile.Read("Sales/Rewards/find-person.sql");

    public async Task<RewardClaim> OfAsync(AccountIdentity identity, CancellationToken cancellationToken)
    {
        if (identity.MemberId is { } member)
        {
            return new RewardClaim(identity.WalletAccountId, member);
        }

        // Of a personal account, which has no members, that is the account itself.
        var person = await database.QuerySingleAsync<long>(FindPerson, new { teamId = identity.WalletAccountId }, cancellationToken);
        return new RewardClaim(identity.WalletAccountId, person);
    }
}
