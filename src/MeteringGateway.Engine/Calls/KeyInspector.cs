using MeteringGateway.Engine.Loading;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Calls;

/// <summary>What a key has spent and holds in each period (FIXED, DAILY, WEEKLY, MONTHLY), with or without a limit.</summary>
internal sealed record KeyState(bool Active, IReadOnlyList<LimitState> Limits)
{
    public long SpentIn(Period period) => Limits[period.Number].Spent;
}

/// <summary>What an account has and holds, in whole credits.</summary>
internal sealed record AccountState(long Balance, long Held, LimitState MonthlyBudget);

/// <summary>Reads accounts and keys in Redis without changing them. Any number of callers at once.</summary>
internal sealed class KeyInspector(ScriptRunner scripts, Partitions partitions, AccountLoader loader)
{
    private const int Tries = 3;

    /// <summary>Would a call with this secret of the key be admitted, on that surface if one is given? Nothing is held.</summary>
    public Task<KeyInspection> InspectAsync(
        long accountId, long keyId, int secretVersion, CancellationToken cancellationToken, string surface = "") =>
        RunAsync(accountId, keyId, secretVersion, surface, cancellationToken);

    /// <summary>Null: Redis can't be asked now.</summary>
    public async Task<KeyState?> KeyStateAsync(long accountId, long keyId, CancellationToken cancellationToken)
    {
        var seen = await RunAsync(accountId, keyId, null, "", cancellationToken);
        return seen.Snapshot.IsEmpty
            ? null
            : new KeyState(seen.Status == InspectionStatus.Active, [.. Period.All.Select(seen.Snapshot.LimitOf)]);
    }

    /// <summary>Null: Redis can't be asked now.</summary>
    public async Task<AccountState?> AccountStateAsync(long accountId, CancellationToken cancellationToken)
    {
        var seen = await RunAsync(accountId, 0, null, "", cancellationToken);
        return seen.Snapshot.IsEmpty ? null : new AccountState(seen.Snapshot.Balance, seen.Snapshot.Held, seen.Snapshot.AccountBudget);
    }

    private async Task<KeyInspection> RunAsync(
        long accountId, long keyId, int? secretVersion, string surface, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);
        RedisKey[] keys = [PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Key(partition, keyId)];
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var reply = await scripts.RunAsync(
                InspectAnswer.Script, partition, keys, secretVersion is { } version ? version : "", keyId == 0 ? "0" : "1", surface);
            if (reply.Outcome != ScriptOutcome.NotLoaded)
            {
                return reply.IsUnavailable ? default : reply.Answer.Inspection;
            }

            if (!await loader.LoadAsync(accountId, keyId, cancellationToken))
            {
                return new KeyInspection(InspectionStatus.InvalidKey, default);
            }
        }

        return default;
    }
}
