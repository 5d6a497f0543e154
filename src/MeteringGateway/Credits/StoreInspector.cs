using StackExchange.Redis;

namespace MeteringGateway.Credits;

/// <summary>What a key has spent and holds: FIXED, DAILY, WEEKLY and MONTHLY, each also where no limit is set.</summary>
internal sealed record KeyState(bool Active, IReadOnlyList<LimitState> Limits);

/// <summary>What an account has and holds, in whole credits.</summary>
internal sealed record AccountState(long Balance, long Held, LimitState MonthlyBudget);

/// <summary>Looks at accounts and keys as the store sees them, without changing anything. Any number of callers at once.</summary>
internal sealed class StoreInspector(ScriptRunner scripts, Partitions partitions, StateLoader loader)
{
    private const int Tries = 3;
    private static readonly LuaScript s_inspect = LuaScript.Load("inspect-3");

    /// <summary>Would a call with this secret of the key be let in? Its status is Reserved, InvalidKey, AccountSuspended, Unavailable or, where a surface is given, SurfaceNotAllowed; nothing is held.</summary>
    public Task<ReserveReply> InspectAsync(long accountId, long keyId, int secretVersion, CancellationToken cancellationToken, string surface = "") =>
        RunAsync(accountId, keyId, secretVersion, surface, cancellationToken);

    /// <summary>Null: Redis can't be asked now.</summary>
    public async Task<KeyState?> KeyStateAsync(long accountId, long keyId, CancellationToken cancellationToken)
    {
        var seen = await RunAsync(accountId, keyId, null, "", cancellationToken);
        return seen.Meter.IsEmpty ? null : new KeyState(seen.Status == ReserveStatus.Reserved, [seen.Meter[0], seen.Meter[1], seen.Meter[2], seen.Meter[3]]);
    }

    /// <summary>Null: Redis can't be asked now.</summary>
    public async Task<AccountState?> AccountStateAsync(long accountId, CancellationToken cancellationToken)
    {
        var seen = await RunAsync(accountId, 0, null, "", cancellationToken);
        return seen.Meter.IsEmpty ? null : new AccountState(seen.Meter.Balance, seen.Meter.Held, seen.Meter[Meter.AccountBudget]);
    }

    private async Task<ReserveReply> RunAsync(long accountId, long keyId, int? secretVersion, string surface, CancellationToken cancellationToken)
    {
        var partition = partitions.Map.Of(accountId);
        RedisKey[] keys = [PartitionMap.Meta(partition), PartitionMap.Account(partition, accountId), PartitionMap.Key(partition, keyId)];
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var answer = await scripts.RunAsync(s_inspect, partition, keys, secretVersion is { } version ? version : "", keyId == 0 ? "0" : "1", surface);
            if (answer.Code != ScriptAnswer.NotLoaded)
            {
                return answer.Unavailable ? default : new ReserveReply((ReserveStatus)answer.Code, null, new Meter(answer.Values));
            }

            if (!await loader.LoadAsync(accountId, keyId, cancellationToken))
            {
                return new ReserveReply(ReserveStatus.InvalidKey, null, default);
            }
        }

        return default;
    }
}
