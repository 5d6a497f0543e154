namespace MeteringGateway.FaultTests.Mutations;

/// <summary>
/// The protections that the books hang on, each taken away once. A test that stays green without the protection it is there for
/// can't fail; <c>-- mutate</c> finds it.
/// </summary>
internal static class Catalogue
{
    private const string Credits = "src/MeteringGateway/Credits/";
    private const string Ledger = "src/MeteringGateway/Ledger/";
    private const string Functional = "MeteringGateway.FunctionalTests";
    private const string Fault = "MeteringGateway.FaultTests";

    public static IReadOnlyList<Mutation> All { get; } =
    [
        // The flusher.
        new("flusher: entries that the books have are not dropped", Ledger + "LedgerWriter.cs",
            "        batch.DropWritten(await flush.ReadWrittenAsync([.. batch.Entries.Select(e => e.Entry.EntryId)], cancellationToken));\n", "",
            Fault, "FullyQualifiedName~Kill_AtThePoint&DisplayName~flush-"),
        new("flusher: trims before the database has committed", Ledger + "LedgerWriter.cs",
            "        FaultPoint.Hit(\"flush-before-commit\");\n", "        await outbox.TrimAsync(partition, packed, batch.Credits, cancellationToken);\n        FaultPoint.Hit(\"flush-before-commit\");\n",
            Fault, "FullyQualifiedName~Kill_AtThePoint&DisplayName~flush-before-commit"),
        new("flusher: trims whatever the head is", Credits + "trim-1.lua",
            "if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 2 end\n", "",
            Fault, "FullyQualifiedName~Flushers_ThreeOnEveryPartition"),
        new("flusher: writes under any epoch", Ledger + "LedgerWriter.cs",
            "if (await flush.OpenAsync(cancellationToken) != epoch)", "if (await flush.OpenAsync(cancellationToken) < 0)",
            Functional, "FullyQualifiedName~FlushPartition_OtherEpoch"),

        // Holds and charges.
        new("commit: sent again, it counts as new", Credits + "commit-6.lua",
            "elseif ARGV[10] == '1' then\n  return answer(2, gen, now, s)\n", "",
            Fault, "FullyQualifiedName~Line_CutBeforeTheReply|FullyQualifiedName~Line_Silent_AndBack"),
        new("commit: a send that comes late beside another finds no marker", Credits + "commit-6.lua",
            "if redis.call('EXISTS', KEYS[6]) == 1 then return answer(2, gen, now, s) end\n", "",
            Functional, "FullyQualifiedName~LateSendTests"),
        new("commit: an expired hold is charged whatever is free", Credits + "commit-6.lua",
            "  if s.balance - s.held < price then return answer(3, gen, now, s) end\n", "",
            Functional, "FullyQualifiedName~SettleScriptTests"),
        new("commit: an expired hold is charged past the key's limit", Credits + "commit-6.lua",
            "    if l[3] >= 0 and (l[2] ~= w[i] or l[4] + l[5] + price > l[3]) then return answer(3, gen, now, s) end\n", "",
            Functional, "FullyQualifiedName~WindowScriptTests"),
        new("expiry: the hold goes and held stays", Credits + "release-4.lua",
            "redis.call('HINCRBY', KEYS[2], 'held', '-' .. amount)\n", "",
            Fault, "FullyQualifiedName~Kill_AtThePoint&DisplayName~after-reserve"),
        new("expiry: a hold is given back before its deadline", Credits + "release-4.lua",
            "if ARGV[4] == '1' and now < tonumber(deadline) then return {3, gen} end\n", "",
            Functional, "FullyQualifiedName~SettleScriptTests"),
        new("reserve: holds are not counted against the balance", Credits + "reserve-5.lua",
            "if s.balance - s.held < amount then return answer(16, gen, now, s) end\n", "",
            Functional, "FullyQualifiedName~ReserveScriptTests|FullyQualifiedName~ConcurrencyTests"),
        new("credit: a repeat finds no marker", Credits + "credit-4.lua",
            "if redis.call('EXISTS', KEYS[4]) == 1 then return {2, gen, now, balance, held} end\n", "",
            Functional, "FullyQualifiedName~SettleScriptTests"),
        new("amounts: a large one is written as a float", Credits + "credit-4.lua",
            "string.format('%.0f|%s|%s||%s|%.0f||||', now, ARGV[1], ARGV[3], ARGV[4], balance)", "string.format('%.0f|%s|%s||%s|%s||||', now, ARGV[1], ARGV[3], ARGV[4], tostring(balance))",
            Functional, "FullyQualifiedName~ModelTests"),
        new("settlement: a charge that was answered as free is left standing", Credits + "Settlement.cs",
            "        if (!charged)\n", "        if (!charged || call.Price > 0)\n",
            Fault, "FullyQualifiedName~Line_Silent_AndBack"),

        // Losing Redis.
        new("guard: an older Redis is taken at its word", Credits + "guard.lua",
            "if m[1] ~= epoch or tonumber(m[2] or '-1') < tonumber(seen) then", "if m[1] ~= epoch then",
            Functional, "FullyQualifiedName~ReserveScriptTests"),
        new("recovery: any Redis is adopted", Credits + "Recovery.cs",
            "meta.Epoch == known.Epoch && known.RunId == runId && meta.Generation >= Math.Max(known.Generation, partitions.Generation(partition))", "meta.Epoch == known.Epoch",
            Fault, "FullyQualifiedName~Kill_WithOlderFiles"),
        new("recovery: what was loaded before counts as known", Credits + "state.lua",
            "  if av[8] ~= epoch then return nil end\n", "  if not av[1] then return nil end\n",
            Fault, "FullyQualifiedName~Kill_WithOlderFiles|FullyQualifiedName~Kill_WithTheLastSecondLost"),
        new("recovery: the outbox is not written before the partition is opened", Credits + "Recovery.cs",
            "        await DrainAsync(partition, epoch, cancellationToken);\n", "",
            Fault, "FullyQualifiedName~Kill_WithAppendFsyncAlways|FullyQualifiedName~Kill_WithOlderFiles"),
        new("loading: the books are read without a flush", Credits + "StateLoader.cs",
            "        if (!await flusher.FlushUpToNowAsync(partition, cancellationToken))\n        {\n            throw new StoreUnavailableException(\"the partition is being recovered\");\n        }\n", "        _ = flusher;\n",
            Fault, "FullyQualifiedName~Kill_WithAppendFsyncAlways|FullyQualifiedName~Kill_WithOlderFiles|FullyQualifiedName~RandomFaultTests"),

        // The chain.
        new("chain: a status line is enough", "src/MeteringGateway/Fallback/ProviderAttempt.cs",
            "            // Broke off, or ran out of time: Answer stays null and the chain looks at the clock to tell which.\n", "            Answer = Keep(proxyResponse, \"{}\"u8.ToArray());\n",
            Fault, "FullyQualifiedName~Providers_ThatDieInMidBody"),
    ];
}
