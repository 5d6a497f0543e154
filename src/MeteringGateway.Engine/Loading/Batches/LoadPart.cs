using System.Globalization;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Reading;
using StackExchange.Redis;

namespace MeteringGateway.Engine.Loading.Batches;

/// <summary>What the ledger says of the accounts and keys that wait to be loaded into one partition. One owner.</summary>
internal sealed class LoadPart
{
    private readonly LoadGroup _group;
    private readonly HashSet<LoadRequest> _known;
    private readonly List<AccountFacts> _accounts;
    private readonly List<KeyFacts> _keys;

    /// <param name="group">The requests.</param>
    /// <param name="accounts">The accounts that exist, those of other partitions among them.</param>
    /// <param name="keys">The keys that exist, those of other partitions among them.</param>
    public LoadPart(LoadGroup group, IReadOnlyDictionary<long, AccountFacts> accounts, IReadOnlyDictionary<long, KeyFacts> keys)
    {
        _group = group;
        _known = [.. group.Requests.Where(request => accounts.ContainsKey(request.AccountId)
            && (request.KeyId == 0 || (keys.TryGetValue(request.KeyId, out var key) && key.AccountId == request.AccountId)))];
        _accounts = [.. _known.Select(request => accounts[request.AccountId]).Distinct()];
        _keys = [.. _known.Where(request => request.KeyId != 0).Select(request => keys[request.KeyId]).Distinct()];
    }

    /// <summary>Is there anything to be written?</summary>
    public bool HasStates => _accounts.Count > 0;

    /// <summary>As load-3.lua takes it.</summary>
    public ScriptPart ToScript() => new(
        _group.Partition, _group.Epoch, [PartitionMap.Meta(_group.Partition), PartitionMap.Holds(_group.Partition)],
        [_accounts.Count, _keys.Count])
    {
        States =
        [
            .. _accounts.Select(account => (RedisKey)PartitionMap.Account(_group.Partition, account.Id)),
            .. _keys.Select(key => (RedisKey)PartitionMap.Key(_group.Partition, key.Id)),
        ],
        StateValues =
        [
            .. _accounts.SelectMany(account => Values(account.Id, PackedState.Of(account, _group.Epoch))),
            .. _keys.SelectMany(key => Values(key.Id, PackedState.Of(key, _group.Epoch))),
        ],
    };

    /// <summary>Tells each request whether what it asked for exists.</summary>
    public void Complete() => _group.Requests.ForEach(request => request.Complete(_known.Contains(request)));

    public void Fail(Exception reason) => _group.Fail(reason);

    /// <summary>The id as it stands in a hold, and the state.</summary>
    private static RedisValue[] Values(long id, byte[] packed) => [id.ToString(CultureInfo.InvariantCulture), packed];
}
