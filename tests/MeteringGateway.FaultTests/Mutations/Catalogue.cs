namespace MeteringGateway.FaultTests.Mutations;

/// <summary>
/// The protections that the ledger hangs on, each taken away once. A test that stays green without the protection it is there for
/// can't fail; <c>-- mutate</c> finds it.
/// </summary>
internal static class Catalogue
{
    private const string Functional = "MeteringGateway.FunctionalTests";
    private const string Fault = "MeteringGateway.FaultTests";

    public static IReadOnlyList<Mutation> All { get; } =
    [
        // The flusher.
        new("flusher: entries that the ledger has are not dropped", Fault, "FullyQualifiedName~Kill_AtThePoint&DisplayName~flush-",
            new Edit("src/MeteringGateway.Ledger/Flushing/write-entries.sql",
                "    attempts, credits_held, idempotency_hash, idempotency_fingerprint);\n",
                "    attempts, credits_held, idempotency_hash, idempotency_fingerprint)\non conflict (entry_id) do nothing;\n")),
        new("flusher: trims before the database has committed", Fault, "FullyQualifiedName~Kill_AtThePoint&DisplayName~flush-before-commit",
            new Edit("src/MeteringGateway.Ledger/Flushing/LedgerWriter.cs",
                "        FaultPoint.Hit(\"flush-before-commit\");\n",
                "        await Task.WhenAll(taking.Select(part => part.TrimAsync(outbox, write.Drift, cancellationToken)));\n"
                    + "        FaultPoint.Hit(\"flush-before-commit\");\n")),
        new("flusher: trims whatever the head is", Fault, "FullyQualifiedName~Flushers_ThreeOnEveryPartition",
            new Edit("src/MeteringGateway.Engine/Outbox/trim-2.lua",
                "if head ~= ARGV[1] or last ~= ARGV[3] then return 2 end\n", "")),
        new("flusher: writes under any epoch", Functional, "FullyQualifiedName~FlushPartition_OtherEpoch",
            new Edit("src/MeteringGateway.Ledger/Flushing/LedgerWriter.cs",
                "else if (epoch != part.Epoch)", "else if (epoch < 0)")),
        new("flusher: writes to a ledger that has forgotten a commit", Functional, "FullyQualifiedName~FlushPartition_LedgerThatForgot",
            new Edit("src/MeteringGateway.Ledger/Flushing/LedgerWriter.cs",
                "last.Epoch == epoch && row.WriteSequence < last.WriteSequence", "last.Epoch < 0")),
        new("recovery: adopts Redis beside an older copy of the ledger", Functional, "FullyQualifiedName~BackupTests",
            new Edit("src/MeteringGateway.Engine/Recovery/PartitionRecovery.cs",
                " && committed <= known.WriteSequence)", ")")),
        new("flusher: an entry of a newer format is set aside", Functional, "FullyQualifiedName~EntryFormatTests",
            new Edit("src/MeteringGateway.Ledger/Flushing/PartitionFlush.cs", "        packed = EntryBatch.Readable(packed);\n", "")),

        // Holds and charges.
        new("hold: one of another format is read as it comes", Functional, "FullyQualifiedName~ScriptDamageTests",
            new Edit("src/MeteringGateway.Engine/Scripts/hold.lua",
                "string.sub(packed, 1, 3) == 'v1|' and 4 or 1", "string.find(packed, '^v%d|') and 4 or 1")),
        new("hold: an account is loaded without one of another format", Functional, "FullyQualifiedName~HoldFormatTests",
            new Edit("src/MeteringGateway.Engine/Scripts/load-3.lua",
                "    if of_another_format(packed) then return {3, gen} end\n", "")),
        new("script: an answer that can't be read leaves its partition as it was", Functional, "FullyQualifiedName~ScriptRunnerTests",
            new Edit(
                "src/MeteringGateway.Engine/Scripts/ScriptRunner.cs",
                "            LogUnreadable(e.Message);\n            MarkCorrupt(partition);\n", "            LogUnreadable(e.Message);\n")),
        new("commit: sent again, it counts as new", Fault,
            "FullyQualifiedName~Line_CutBeforeTheReply|FullyQualifiedName~Line_Silent_AndBack",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "  elseif again == 1 then\n    tell(snapshot(2, a, k))\n    return after\n", "")),
        new("commit: a late delivery finds no idempotency key", Functional, "FullyQualifiedName~LateSendTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "  if outcome then tell(snapshot(outcome == 'uncollected' and 3 or 2, a, k)) return after end\n", "")),
        new("commit: a charge without its entry where the outbox can't take it", Functional, "FullyQualifiedName~ScriptDamageTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua", "if type(pushed) ~= 'number' then", "if false then")),
        new("commit: refused when memory is short", Fault, "FullyQualifiedName~Memory_Short",
            new Edit("src/MeteringGateway.Engine/Scripts/settle-4.lua", "#!lua flags=allow-oom", "#!lua")),
        new("batch: what settles is refused with what reserves when memory is short", Functional, "FullyQualifiedName~CallLaneTests",
            new Edit("src/MeteringGateway.Engine/Calls/Batching/CallLane.cs", "IsOutOfMemory: true }", "IsOutOfMemory: false }")),
        new("batch: an operation that fails leaves what was decided before it", Functional, "FullyQualifiedName~BatchScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua", "done, why = pcall(serve", "done, why = true, pcall(serve")),
        new("batch: a second operation of an account sees what it was before the first", Functional, "FullyQualifiedName~BatchScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua", "    states[place] = s\n", "")),
        new("batch: a charge goes into the outbox of another partition, too", Functional, "FullyQualifiedName~BatchScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua", "unpack(entries, p.entries_from + 1,", "unpack(entries, 1,")),
        new("notices: a limit is looked at before a flush that did not see it has ended", Functional, "FullyQualifiedName~NoticeQueueTests",
            new Edit("src/MeteringGateway/Accounts/Notices/await-flushes.sql", "for no key update;", ";")),
        new("commit: an expired hold is charged whatever is free", Functional, "FullyQualifiedName~SettleScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua", " or a[A_BALANCE] - a[A_HELD] < price\n", "\n")),
        new("commit: an expired hold is charged past the key's limit", Functional, "FullyQualifiedName~WindowScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "  return t[at] < 0 or (t[at + WINDOW] == window and fits(t, at, price))\n", "  return true\n")),
        new("expiry: the hold goes and held stays", Fault, "FullyQualifiedName~Kill_AtThePoint&DisplayName~after-reserve",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "  free(a, k, tonumber(amount), tonumber(day), tonumber(week), tonumber(month))\n", "")),
        new("expiry: a hold is given back before its deadline", Functional, "FullyQualifiedName~SettleScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "  if mode == 1 and p.now < tonumber(deadline) then code(3) return after end\n", "")),
        new("expiry: a second jump of the clock cuts short what the first one left to a hold",
            Functional, "FullyQualifiedName~HoldExpiryTests",
            new Edit("src/MeteringGateway.Engine/Upkeep/HoldExpiry.cs",
                "QuietUntil = Math.Max(clock.QuietUntil, until)", "QuietUntil = until")),
        new("reserve: holds are not counted against the balance",
            Functional, "FullyQualifiedName~ReserveScriptTests|FullyQualifiedName~ConcurrencyTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "  if a[A_BALANCE] - a[A_HELD] < amount then return 16 end\n", "")),
        new("credit: a repeat finds no idempotency key", Functional, "FullyQualifiedName~SettleScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/credit-4.lua",
                "if outcome and not refused then return {2, gen, now, balance, held} end\n", "")),
        new("money in: the ledger is not asked before the script", Functional, "FullyQualifiedName~CreditMovementsTests",
            new Edit("src/MeteringGateway.Engine/Movements/CreditMovements.cs",
                "            if (await ledger.ReadWrittenAsync(entryId, cancellationToken) is { } written)\n            {\n"
                    + "                return new CreditReply(CreditStatus.Duplicate, written.BalanceAfter, Moved: written.Delta);\n"
                    + "            }\n\n", "")),
        new("amounts: a large one is written as a float", Functional, "FullyQualifiedName~ModelTests",
            new Edit("src/MeteringGateway.Engine/Scripts/credit-4.lua",
                "string.format('%.0f|%s|%s||%s|%.0f||||', now, ARGV[1], ARGV[3], ARGV[4], balance)",
                "string.format('%.0f|%s|%s||%s|%s||||', now, ARGV[1], ARGV[3], ARGV[4], tostring(balance))")),
        new("settlement: a charge that was answered as free is left standing", Fault, "FullyQualifiedName~Line_WithoutReplies",
            new Edit("src/MeteringGateway.Engine/Calls/DisputeSettlement.cs",
                "        if (!charged)\n", "        if (!charged || call.Price > 0)\n")),

        new("settlement: a call is told that it was free though that is written nowhere",
            Fault, "FullyQualifiedName~Lines_ToBothStoresSilent",
            new Edit(
                "src/MeteringGateway.Engine/Calls/CallCredits.cs", "? CommitStatus.Unavailable : CommitStatus.Unknown",
                "? CommitStatus.Unavailable : CommitStatus.Unavailable")),

        // Repeats.
        new("repeat: the record has the balance from before the charge", Functional, "FullyQualifiedName~IdempotencyRecordTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "ticket, price, a[A_BALANCE])", "ticket, price, a[A_BALANCE] + price)")),
        new("repeat: a charge that was taken back keeps its key", Functional,
            "FullyQualifiedName~IdempotencyRecordTests|FullyQualifiedName~RepeatAfterRecoveryTests",
            new Edit("src/MeteringGateway.Engine/Scripts/reverse-6.lua", "free_record(KEYS[6], ARGV[10])\n", "")),
        new("repeat: a tombstone frees the key of whatever call has it", Functional, "FullyQualifiedName~IdempotencyRecordTests",
            new Edit("src/MeteringGateway.Engine/Scripts/record.lua", " or request_id) == request_id then", " or request_id) then")),
        new("repeat: the ledger is not asked after a recovery", Functional, "FullyQualifiedName~RepeatAfterRecoveryTests",
            new Edit("src/MeteringGateway.Engine/Calls/RepeatLookup.cs",
                "=> time.GetTimestamp() < partitions.RecordsWholeFrom(partition);",
                "=> time.GetTimestamp() < 0 * partitions.RecordsWholeFrom(partition);")),
        new("repeat: charged again while the ledger can't be asked", Functional, "FullyQualifiedName~RepeatAfterRecoveryTests",
            new Edit("src/MeteringGateway.Engine/Calls/RepeatLookup.cs",
                "            return (ReserveStatus.Unavailable, null);\n", "            return (ReserveStatus.Reserved, null);\n")),
        new("repeat: a charge that was reversed counts as one", Functional, "FullyQualifiedName~RepeatAfterRecoveryTests",
            new Edit("src/MeteringGateway.Ledger/Reading/charge-of-key.sql",
                "  and not exists (select from ledger_entries r where r.entry_id = 'reversal:' || e.entry_id)\n", "")),
        new("dry run: counts as a call", Functional, "FullyQualifiedName~AdmitScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua",
                "if decided == 1 and counts == 1 and k[K_RATE] > 0 then", "if decided == 1 and k[K_RATE] > 0 then")),

        // Losing Redis.
        new("redis: a master that became a replica is kept", Fault, "FullyQualifiedName~Failover_Planned",
            new Edit(
                "src/MeteringGateway.Engine/Scripts/RedisConnection.cs", " && (answers.Length > 0 || HasReplica(multiplexer))",
                " && answers.Length > 0")),
        new("recovery: a Redis whose settings were made unsafe goes on being called", Fault, "FullyQualifiedName~Setting_Changed",
            new Edit("src/MeteringGateway.Engine/Recovery/PartitionSupervisor.cs", "            partitions.IsSafe = false;\n", "")),
        new("recovery: a look without an answer closes the partition", Fault, "FullyQualifiedName~Node_Late",
            new Edit(
                "src/MeteringGateway.Engine/Recovery/PartitionSupervisor.cs", "            // No answer says nothing",
                "            partitions.Close(partition);\n            // No answer says nothing")),
        new("guard: an older Redis is taken at its word", Functional, "FullyQualifiedName~ReserveScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/guard.lua", " or m[M_GEN] < tonumber(seen) then", " then"),
            new Edit("src/MeteringGateway.Engine/Scripts/batch.lua", " or m[M_GEN] < seen then", " then")),
        new("recovery: any Redis is adopted", Fault, "FullyQualifiedName~Kill_WithOlderFiles",
            new Edit("src/MeteringGateway.Engine/Recovery/PartitionRecovery.cs",
                "owner.Epoch == known.Epoch && known.RunId == owner.RunId\n"
                    + "            && owner.WriteSequence >= Math.Max(known.WriteSequence, "
                    + "partitions.WriteSequence(partition, owner.Epoch))",
                "owner.Epoch == known.Epoch")),
        new("recovery: what was loaded before counts as known",
            Fault, "FullyQualifiedName~Kill_WithOlderFiles|FullyQualifiedName~Kill_WithTheLastSecondLost",
            new Edit("src/MeteringGateway.Engine/Scripts/state.lua",
                "  return a[A_EPOCH] == epoch and a or nil\n", "  a[A_EPOCH] = epoch\n  return a\n"),
            new Edit("src/MeteringGateway.Engine/Scripts/state.lua",
                "  if k[K_EPOCH] ~= epoch then return nil end\n", "  k[K_EPOCH] = epoch\n")),
        new("recovery and loading: neither writes the outbox before it takes the ledger's word",
            Fault, "FullyQualifiedName~Kill_WithAppendFsyncAlways|FullyQualifiedName~Kill_WithOlderFiles",
            new Edit(
                "src/MeteringGateway.Engine/Recovery/PartitionRecovery.cs",
                "        await DrainAsync(lease, partition, epoch, cancellationToken);\n", "        _ = writer;\n"),
            new Edit("src/MeteringGateway.Engine/Loading/Batches/LoadBatch.cs",
                "if (await flusher.DrainAsync(group.Partition, CancellationToken.None))",
                "if (await Task.FromResult(flusher is not null))")),
        new("loading: an entry in the outbox counts for nothing", Functional, "FullyQualifiedName~LoadBatchTests",
            new Edit("src/MeteringGateway.Engine/Loading/Batches/LoadBatch.cs",
                " && !group.Requests.Exists(request => look.MayHave(request.AccountId));", ";")),
        new("loading: a look forgets what the one before has seen", Functional, "FullyQualifiedName~LoadBatchTests",
            new Edit("src/MeteringGateway.Engine/Loading/Batches/OutboxLook.cs",
                "_accounts.Union(answer.Accounts)", "[.. answer.Accounts]")),
        new("loading: a partition that is fenced is loaded with the others", Functional, "FullyQualifiedName~LoadScriptTests",
            new Edit("src/MeteringGateway.Engine/Scripts/load-3.lua",
                "  if not ok then return {-1, gen} end\n", "  if not m then return {-1, gen} end\n")),
        new("split brain: who stayed takes the money back", Fault, "FullyQualifiedName~ReplicaFaultTests",
            new Edit(
                "src/MeteringGateway.Engine/Recovery/PartitionRecovery.cs",
                "if (owner.Epoch < known.Epoch && owner.RunId == _verifiedRunIds[partition]",
                "if (owner.Epoch < 0 && owner.RunId == _verifiedRunIds[partition]")),

        // The process.
        new("redis: time in which this process stood still counts as its silence", Functional, "FullyQualifiedName~WorkingTimeTests",
            new Edit(
                "src/MeteringGateway.Engine/Scripts/WorkingTime.cs", "(late < s_mostPerTick ? late : s_mostPerTick).Ticks", "late.Ticks")),
        new("redis: a script that it has forgotten is not sent again", Functional, "FullyQualifiedName~RedisConnectionTests",
            new Edit("src/MeteringGateway.Engine/Scripts/RedisConnection.cs", "StartsWith(\"NOSCRIPT\"", "StartsWith(\"NOTHING\"")),
        new("threads: a few that block hold up all calls", Fault, "FullyQualifiedName~Threads_SomeBlocked",
            new Edit("src/MeteringGateway/MeteringGateway.csproj", "    <ThreadPoolMinThreads>64</ThreadPoolMinThreads>\n", "")),

        // The chain.
        new("chain: a status line is enough", Fault, "FullyQualifiedName~Providers_ThatDieInMidBody",
            new Edit("src/MeteringGateway/Calls/Providers/ProviderAttempt.cs",
                "            // Broke off, or ran out of time: Answer stays null and the chain looks at the clock to tell which.\n",
                "            Answer = Keep(proxyResponse, \"{}\"u8.ToArray());\n")),
    ];
}
