using System.Collections.Concurrent;
using MeteringGateway.Engine.Calls;
using MeteringGateway.Engine.Calls.Batching;
using MeteringGateway.Engine.Loading.Batches;
using MeteringGateway.Engine.Scripts;
using MeteringGateway.Ledger.Entries;
using MeteringGateway.Ledger.Reading;
using MeteringGateway.Testing;
using StackExchange.Redis;

namespace MeteringGateway.FunctionalTests.Engine;

/// <summary>What a caller of a guarded script says of itself: the epoch it is of, and the high-water mark of the write sequence.</summary>
internal readonly record struct ScriptCaller(long Epoch, long Seen);

/// <summary>
/// The scripts on one partition of a real Redis, with every argument given: any account and key, any caller.
/// Answers are as Redis gave them.
/// </summary>
internal sealed class ScriptPartition(RedisConnection redis, int number)
{
    /// <summary>Stands for an error reply that says what is wrong with an amount or a hold.</summary>
    public const long Malformed = -99;

    /// <summary>Stands for an error that a script ran into, maybe after its first write: none ever may.</summary>
    public const long Broken = -98;

    private static readonly ConcurrentDictionary<string, RedisScript> s_scripts = new();

    public RedisConnection Redis => redis;
    public int Number => number;

    private RedisKey Meta => PartitionMap.Meta(number);
    private RedisKey Holds => PartitionMap.Holds(number);
    private RedisKey Claim => PartitionMap.Claim(number, 1, "test", "hash");
    private RedisKey Outbox => PartitionMap.Outbox(number);

    public Task<long[]> FenceAsync(long epoch) => RunAsync("fence-1", [Meta], epoch);

    public Task<long[]> OpenAsync(long epoch, long seen) => RunAsync("open-1", [Meta], epoch, seen);

    public Task<long[]> DropHoldsAsync(long epoch, params RedisValue[] ids) => RunAsync("drop-holds-2", [Meta, Holds], [epoch, .. ids]);

    /// <summary>The clock of Redis from the next script on, in milliseconds ahead of the machine's.</summary>
    public Task SetClockOffsetAsync(long milliseconds) => StateFields.ShiftClockAsync(redis, number, milliseconds);

    public Task<long[]> TimeAsync(ScriptCaller caller) => RunAsync("time-1", [Meta], caller.Epoch, caller.Seen);

    public Task<long[]> ReserveAsync(
        ScriptCaller caller, string id, long account, long key, long amount, long lifetime, long secret, string surface, long backlog,
        IdempotencyTicket? ticket = null) =>
        RunAsync(caller.Seen, backlog, Reserve(caller, id, account, key, amount, lifetime, secret, surface, ticket));

    public Task<long[]> CommitAsync(
        ScriptCaller caller, string id, long account, long key, long price, SpendWindows windows, bool again,
        IdempotencyTicket? ticket = null, long amount = 1) =>
        RunAsync(caller.Seen, 0, Commit(caller, id, account, key, price, windows, again, ticket, amount));

    public Task<long[]> ReleaseAsync(
        ScriptCaller caller, string id, long account, long key, bool expiredOnly, IdempotencyTicket? ticket = null) =>
        RunAsync(caller.Seen, 0, Release(caller, id, account, key, expiredOnly, ticket));

    /// <summary>Of a call that is done and cost nothing.</summary>
    public Task<long[]> ReleaseFreeAsync(ScriptCaller caller, string id, long account, long key, IdempotencyTicket ticket) => RunAsync(
        caller.Seen, 0,
        new ReleaseOperation(
            number, caller.Epoch, id, account, key, ReleaseMode.Free, Reservation(id, account, key, 1, ticket)));

    /// <summary>Answers the code, the write sequence and the new deadline.</summary>
    public Task<long[]> ExtendAsync(ScriptCaller caller, string id, long account, long key, long lifetime) =>
        RunAsync(caller.Seen, 0, Extend(caller, id, account, key, lifetime));

    public ReserveOperation Reserve(
        ScriptCaller caller, string id, long account, long key, long amount, long lifetime, long secret, string surface,
        IdempotencyTicket? ticket = null) =>
        new(number, caller.Epoch, id, Reservation(id, account, key, amount, ticket, lifetime, secret, surface));

    public CommitOperation Commit(
        ScriptCaller caller, string id, long account, long key, long price, SpendWindows windows, bool again,
        IdempotencyTicket? ticket = null, long amount = 1) =>
        new(number, caller.Epoch, Held(id, account, key, windows, ticket, amount), price, again, Tail(id, "usage"));

    public ReleaseOperation Release(
        ScriptCaller caller, string id, long account, long key, bool expiredOnly, IdempotencyTicket? ticket = null) =>
        new(
            number, caller.Epoch, id, account, key, expiredOnly ? ReleaseMode.Expiry : ReleaseMode.Uncharged,
            ticket is null ? null : Reservation(id, account, key, 1, ticket));

    public ExtendOperation Extend(ScriptCaller caller, string id, long account, long key, long lifetime) =>
        new(number, caller.Epoch, Held(id, account, key, default, null), TimeSpan.FromMilliseconds(lifetime));

    /// <summary>
    /// Several operations in one script; each answer in the layout of an answer of one operation: code, write sequence, then what that
    /// operation tells. The operations are of this partition, or ordered by partition.
    /// </summary>
    public Task<List<long[]>> RunAllAsync(long seen, long backlog, params CallOperation[] operations) =>
        RunAllAsync(_ => seen, backlog, operations);

    /// <inheritdoc cref="RunAllAsync(long, long, CallOperation[])"/>
    public async Task<List<long[]>> RunAllAsync(Func<int, long> seen, long backlog, params CallOperation[] operations)
    {
        var request = new BatchRequest();
        request.Pack(operations, seen, backlog);
        var script = Array.Exists(operations, operation => operation.Holds) ? BatchScripts.Calls : BatchScripts.Settle;
        var reply = await redis.EvaluateAsync(script, request.Keys, request.Values);
        Assert.True(reply.Answered, reply.Reason);
        var answers = new List<CallAnswer>();
        var partitions = BatchReply.Read(reply.Result!, script, operations, answers).ToDictionary(told => told.Partition);
        return [.. operations.Zip(answers, (operation, answer) => Numbers(partitions[operation.Partition], answer))];
    }

    public Task<long[]> AdmitAsync(
        ScriptCaller caller, string id, long account, long key, long amount, bool counts, long secret, string surface, long backlog) =>
        RunAsync(caller.Seen, backlog, Admit(caller, id, account, key, amount, counts, secret, surface));

    public AdmitOperation Admit(
        ScriptCaller caller, string id, long account, long key, long amount, bool counts, long secret, string surface) =>
        new(number, caller.Epoch, Reservation(id, account, key, amount, null, 0, secret, surface), counts);

    public Task<long[]> TombstoneAsync(ScriptCaller caller, string id, long account, long key, string hash = "") =>
        RunAsync(
            "tombstone-6", [Meta, Account(account), Key(key), Holds, Marker(id), Record(account, hash)], caller.Epoch, caller.Seen, id, id);

    public Task<long[]> CreditAsync(ScriptCaller caller, string id, long account, long delta, int attempt = 1) =>
        RunAsync(
            "credit-4", [Meta, Account(account), Outbox, Marker(id)], caller.Epoch, caller.Seen, account, delta,
            Tail(id, "bonus"), attempt);

    public Task<long[]> ReverseAsync(
        ScriptCaller caller, string id, long account, long key, long price, SpendWindows windows, string hash = "") =>
        RunAsync("reverse-6", [Meta, Account(account), Key(key), Outbox, Marker("reversal:" + id), Record(account, hash)],
            caller.Epoch, caller.Seen, account, key, price, windows.Day, windows.Week, windows.Month,
            Tail("reversal:" + id, "reversal"), id);

    /// <summary>The values are the row's and the ledger's, in the order of <see cref="LedgerFacts"/>.</summary>
    public async Task<long[]> LoadAccountAsync(ScriptCaller caller, long account, params RedisValue[] values) =>
        (await LoadAsync(redis, _ => caller.Seen, Loading(caller.Epoch, [LedgerFacts.Account(account, values)], [])))[0];

    /// <inheritdoc cref="LoadAccountAsync"/>
    public async Task<long[]> LoadKeyAsync(ScriptCaller caller, long key, params RedisValue[] values) =>
        (await LoadAsync(redis, _ => caller.Seen, Loading(caller.Epoch, [], [LedgerFacts.Key(key, values)])))[0];

    /// <summary>This partition's part in a load of many.</summary>
    public ScriptPart Loading(long epoch, AccountFacts[] accounts, KeyFacts[] keys) =>
        new(number, epoch, [Meta, Holds], [accounts.Length, keys.Length])
        {
            States = [.. accounts.Select(account => Account(account.Id)), .. keys.Select(key => Key(key.Id))],
            StateValues =
            [
                .. accounts.SelectMany(account => new RedisValue[] { account.Id, PackedState.Of(account, epoch) }),
                .. keys.SelectMany(key => new RedisValue[] { key.Id, PackedState.Of(key, epoch) }),
            ],
        };

    /// <summary>Loads into many partitions with one script; an answer for each.</summary>
    public static async Task<List<long[]>> LoadAsync(RedisConnection redis, Func<int, long> seen, params ScriptPart[] parts) =>
        [.. (await RunTogetherAsync(redis, LoadAnswer.Script.Source, seen, parts)).Select(Numbers)];

    public Task<long[]> ConfigureAccountAsync(ScriptCaller caller, long account, params RedisValue[] values) =>
        RunAsync("configure-account-2", [Meta, Account(account)], [caller.Epoch, caller.Seen, .. values]);

    public Task<long[]> ConfigureKeyAsync(ScriptCaller caller, long key, params RedisValue[] values) =>
        RunAsync("configure-key-2", [Meta, Key(key)], [caller.Epoch, caller.Seen, .. values]);

    public Task<long[]> InspectAsync(ScriptCaller caller, long account, long key, string secret, bool withKey, string surface) =>
        RunAsync("inspect-3", [Meta, Account(account), Key(key)], caller.Epoch, caller.Seen, secret, withKey ? "1" : "0", surface);

    public Task<long[]> SumHoldsAsync(ScriptCaller caller, long account) =>
        RunAsync("sum-holds-3", [Meta, Account(account), Holds], caller.Epoch, caller.Seen, account);

    /// <summary>Whose entries wait, since the newest entry of a look before.</summary>
    public async Task<ScriptReply<WaitingAnswer>> WaitingAsync(ScriptCaller caller, string newest = "") =>
        (await WaitingAsync(redis, _ => caller.Seen, Waiting(caller.Epoch, newest)))[0];

    /// <summary>This partition's part in a look at many.</summary>
    public ScriptPart Waiting(long epoch, string newest = "") => new(number, epoch, [Meta, Outbox], [newest]);

    /// <summary>Looks at the outboxes of many partitions with one script. One in which the script has failed has no outcome.</summary>
    public static async Task<List<ScriptReply<WaitingAnswer>>> WaitingAsync(
        RedisConnection redis, Func<int, long> seen, params ScriptPart[] parts) =>
        [.. (await RunTogetherAsync(redis, WaitingAnswer.Script.Source, seen, parts)).Select(
            result => WaitingAnswer.Script.Failure(result) is null ? WaitingAnswer.Script.Read(result, out _) : default)];

    public Task<long[]> TrimAsync(string head, int count, string last, long committed = 0) =>
        RunAsync("trim-2", [Outbox, PartitionMap.Committed(number)], head, count, last, committed);

    public Task<long[]> KeepAsync(string hash, string request, string answer, long most) => RunAsync(
        "keep-3",
        [PartitionMap.KeptAnswer(number, 1, hash), PartitionMap.KeptAnswers(number, true), PartitionMap.KeptBytes(number, true)], request,
        answer, PartitionMap.NameOfAnswer(1, hash), 60, most, most);

    /// <summary>Answers the code alone.</summary>
    /// <param name="record">As the call makes it.</param>
    /// <param name="hash">Of the key, of a call whose record is of the same name as a held call's; null: of a test key.</param>
    public async Task<long[]> ClaimAsync(string record, string? hash = null)
    {
        var reply = await redis.EvaluateAsync(
            s_scripts.GetOrAdd("claim-4", RedisScript.Load), [.. ClaimKeys(hash), Holds], [record, 60_000, 10]);
        Assert.True(reply.Answered || reply.Reason!.Contains("@user_script", StringComparison.Ordinal), reply.Reason);
        return [reply.Answered ? (long)((RedisResult[])reply.Result!)[0] : Broken];
    }

    public Task<long[]> CloseClaimAsync(string claimed, string record, string? hash = null) =>
        RunAsync("close-claim-3", ClaimKeys(hash), claimed, record, 60, 10);

    private RedisKey[] ClaimKeys(string? hash) =>
    [
        hash is null ? Claim : Record(1, hash), PartitionMap.Claims(number, 1, areDone: false),
        PartitionMap.Claims(number, 1, areDone: true),
    ];

    public static string Tail(string id, string type) => $$"""{"id":"{{id}}","type":"{{type}}"}""";

    private RedisKey Account(long account) => PartitionMap.Account(number, account);

    private RedisKey Key(long key) => PartitionMap.Key(number, key);

    private RedisKey Marker(string id) => PartitionMap.IdempotencyKey(number, id);

    private RedisKey Record(long account, string hash) => PartitionMap.IdempotencyRecord(number, account, hash);

    private static Reservation Reservation(
        string id, long account, long key, long amount, IdempotencyTicket? ticket, long lifetime = 0, long secret = 1,
        string surface = "") =>
        new(id, account, key, (int)secret, surface, amount, TimeSpan.FromMilliseconds(lifetime), ticket);

    /// <summary>As its owner knows it. Where the amount is not what the hold in Redis says, the hold is right.</summary>
    private static Hold Held(
        string id, long account, long key, SpendWindows windows, IdempotencyTicket? ticket, long amount = 1) =>
        new(id, Reservation(id, account, key, amount, ticket), windows, 0, 0, 0);

    private async Task<long[]> RunAsync(long seen, long backlog, CallOperation operation) =>
        (await RunAllAsync(seen, backlog, operation))[0];

    private static async Task<RedisResult[]> RunTogetherAsync(
        RedisConnection redis, RedisScript script, Func<int, long> seen, ScriptPart[] parts)
    {
        var reply = await redis.EvaluateAsync(script, ScriptPart.KeysOf(parts), ScriptPart.ValuesOf(parts, seen));
        Assert.True(reply.Answered, reply.Reason);
        return (RedisResult[])reply.Result!;
    }

    private static long[] Numbers(RedisResult answer) =>
        LoadAnswer.Script.Failure(answer) is null ? (long[])answer! : [Broken];

    private static long[] Numbers(PartitionReply partition, CallAnswer answer)
    {
        if (partition.Code == PartitionReply.Failed)
        {
            return [Broken];
        }

        if (answer.Outcome != ScriptOutcome.Answered)
        {
            return answer.Outcome == ScriptOutcome.NotExecuted
                ? [Malformed]
                : [answer.Outcome == ScriptOutcome.Fenced ? ScriptAnswer.Fenced : ScriptAnswer.NotLoaded, partition.WriteSequence];
        }

        if (answer.Snapshot.IsEmpty)
        {
            return answer.Deadline == 0
                ? [answer.Code, partition.WriteSequence]
                : [answer.Code, partition.WriteSequence, answer.Deadline];
        }

        var snapshot = answer.Snapshot;
        var (day, week, month) = snapshot.Windows;
        return
        [
            answer.Code, partition.WriteSequence, snapshot.Now.ToUnixTimeMilliseconds(), snapshot.Balance, snapshot.Held, day, week, month,
            .. Period.All.Select(snapshot.LimitOf).Append(snapshot.AccountBudget)
                .SelectMany(limit => new[] { limit.Limit ?? -1, limit.Spent, limit.Held }),
        ];
    }

    private async Task<long[]> RunAsync(string script, RedisKey[] keys, params RedisValue[] values)
    {
        var reply = await redis.EvaluateAsync(s_scripts.GetOrAdd(script, RedisScript.Load), keys, values);
        if (!reply.Answered
            && (reply.Reason!.Contains("not a whole number", StringComparison.Ordinal)
                || reply.Reason.Contains("malformed", StringComparison.Ordinal)))
        {
            return [Malformed];
        }

        if (!reply.Answered && reply.Reason!.Contains("@user_script", StringComparison.Ordinal))
        {
            return [Broken];
        }

        Assert.True(reply.Answered, reply.Reason);
        return script is "fence-1" or "open-1" or "trim-2" or "drop-holds-2" or "keep-3" or "close-claim-3"
            ? [(long)reply.Result!]
            : (long[])reply.Result!;
    }
}
