using Dapper;
using MeteringGateway.Accounts.Audit;
using MeteringGateway.Engine.Loading;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Http.Requests;
using MeteringGateway.Ledger.Background;
using Npgsql;

namespace MeteringGateway.Accounts.Keys;

/// <summary>
/// Keys in PostgreSQL. A change is the row and its audit entry in one transaction; <see cref="ApplyAsync"/> then takes it to Redis,
/// and only with that done does it hold on every gateway.
/// </summary>
internal sealed class KeyStore(NpgsqlDataSource database, ConfigurationPush push, TimeProvider time)
{
    private static readonly string Insert = SqlFile.Read("Accounts/Keys/insert-key.sql");
    private static readonly string InsertSecret = SqlFile.Read("Accounts/Keys/insert-secret.sql");
    private static readonly string Get = SqlFile.Read("Accounts/Keys/get-key.sql");
    private static readonly string Lock = SqlFile.Read("Accounts/Keys/lock-key.sql");
    private static readonly string List = SqlFile.Read("Accounts/Keys/list-keys.sql");
    private static readonly string Search = SqlFile.Read("Accounts/Keys/search-keys.sql");
    private static readonly string Update = SqlFile.Read("Accounts/Keys/update-key.sql");
    private static readonly string LockAllowance = SqlFile.Read("Accounts/Keys/lock-allowance.sql");
    private static readonly string NoteApplied = SqlFile.Read("Accounts/Keys/note-applied.sql");

    /// <summary>The key as it was made and its secret, which nothing can show again.</summary>
    public async Task<(KeyChange Change, string Secret)> CreateAsync(KeyRow key, Caller caller, CancellationToken cancellationToken)
    {
        var secret = ApiKeySecret.Create(key.KeyMode);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return (KeyChange.Of(KeyChangeStatus.CallerEnded), "");
        }

        if (await RefusalAsync(transaction, caller, null, key, cancellationToken) is { } refusal)
        {
            return (KeyChange.Of(refusal), "");
        }

        var id = await connection.QuerySingleAsync<long>(new CommandDefinition(
            Insert, Parameters(key with { Prefix = secret.Visible, MadeBy = caller.PersonId }), transaction,
            cancellationToken: cancellationToken));
        await InsertSecretAsync(transaction, secret.Hash, id, 1, cancellationToken);
        var made = await connection.QuerySingleAsync<KeyRow>(
            new CommandDefinition(Get, new { id, accountId = (long?)null }, transaction, cancellationToken: cancellationToken));
        await WriteAuditAsync(transaction, caller, "key.created", null, made, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (new KeyChange(KeyChangeStatus.Done, made), secret.Text);
    }

    /// <summary>Null: no such key, or not one that the account may see.</summary>
    public Task<KeyRow?> FindAsync(long id, long? accountId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<KeyRow>(Get, new { id, accountId }, cancellationToken);

    public Task<(IReadOnlyList<KeyRow> Keys, long Total)> ListAsync(long accountId, Page page, CancellationToken cancellationToken) =>
        database.QueryPageAsync<KeyRow>(List, new { accountId, limit = page.Limit, offset = page.Offset }, cancellationToken);

    /// <summary>Keys of any account; a filter that is null lets all pass.</summary>
    public Task<(IReadOnlyList<KeyRow> Keys, long Total)> SearchAsync(KeyFilter filter, Page page, CancellationToken cancellationToken) =>
        database.QueryPageAsync<KeyRow>(
            Search,
            new { name = filter.Name, prefix = filter.Prefix, accountId = filter.AccountId, limit = page.Limit, offset = page.Offset },
            cancellationToken);

    /// <summary><paramref name="change"/> makes the new row of the current one, or null to refuse.</summary>
    public async Task<KeyChange> ChangeAsync(
        long id, string action, Func<KeyRow, KeyRow?> change, Caller caller, CancellationToken cancellationToken,
        SecretHash? newSecret = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await StandingCaller.HoldAsync(transaction, caller, cancellationToken))
        {
            return KeyChange.Of(KeyChangeStatus.CallerEnded);
        }

        // The member is locked before the key, as in a removal of the member.
        var allowance = await AllowanceAsync(transaction, caller, cancellationToken);
        var before = await connection.QuerySingleOrDefaultAsync<KeyRow>(
            new CommandDefinition(Lock, new { id, accountId = caller.AccountId }, transaction, cancellationToken: cancellationToken));
        if (before is null)
        {
            return KeyChange.Of(KeyChangeStatus.NotFound);
        }

        if (change(before) is not { } after)
        {
            return KeyChange.Of(KeyChangeStatus.Refused);
        }

        if (Refusal(caller, allowance, before, after) is { } refusal)
        {
            return KeyChange.Of(refusal);
        }

        if (after.SameAs(before))
        {
            return new KeyChange(KeyChangeStatus.Done, after);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            Update, Parameters(after, after.Limits != before.Limits), transaction, cancellationToken: cancellationToken));
        if (newSecret is { } hash)
        {
            await InsertSecretAsync(transaction, hash, id, after.SecretVersion, cancellationToken);
        }

        after = after with { Version = before.Version + 1 };
        await WriteAuditAsync(transaction, caller, action, before, after, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new KeyChange(KeyChangeStatus.Done, after);
    }

    /// <summary>Takes the row to Redis. False: Redis is away, <see cref="ConfigurationSync"/> will do it.</summary>
    public async Task<bool> ApplyAsync(long accountId, long id, long version, CancellationToken cancellationToken)
    {
        if (!await push.ConfigureKeyAsync(accountId, id, cancellationToken))
        {
            return false;
        }

        await database.ExecuteAsync(NoteApplied, new { id, version }, cancellationToken);
        return true;
    }

    private static async Task<KeyChangeStatus?> RefusalAsync(
        NpgsqlTransaction transaction, Caller caller, KeyRow? before, KeyRow after, CancellationToken cancellationToken) =>
        Refusal(caller, await AllowanceAsync(transaction, caller, cancellationToken), before, after);

    private static KeyChangeStatus? Refusal(Caller caller, KeyAllowance? allowance, KeyRow? before, KeyRow after)
    {
        if (caller.MemberId is null)
        {
            return null;
        }

        return allowance is null ? KeyChangeStatus.NotFound : allowance.Allows(before, after) ? null : KeyChangeStatus.RoleRequired;
    }

    private static async Task<KeyAllowance?> AllowanceAsync(
        NpgsqlTransaction transaction, Caller caller, CancellationToken cancellationToken) =>
        caller.MemberId is not { } memberId ? null : await transaction.Connection!.QuerySingleOrDefaultAsync<KeyAllowance>(
            new CommandDefinition(
                LockAllowance, new { teamId = caller.AccountId, memberId }, transaction, cancellationToken: cancellationToken));

    private Task WriteAuditAsync(
        NpgsqlTransaction transaction, Caller caller, string action, KeyRow? before, KeyRow after, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var entry = new AuditEntry(
            caller.Actor, action, $"key:{after.Id}", before is null ? null : KeyView.Of(before, null, now), KeyView.Of(after, null, now));
        return AuditTrail.WriteAsync(transaction, entry, cancellationToken);
    }

    private static Task<int> InsertSecretAsync(
        NpgsqlTransaction transaction, SecretHash hash, long keyId, int version, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            InsertSecret, new { hash = hash.ToBytes(), keyId, version }, transaction, cancellationToken: cancellationToken));

    private object Parameters(KeyRow key, bool limitsChanged = false) => new
    {
        id = key.Id,
        accountId = key.AccountId,
        name = key.Name,
        prefix = key.Prefix,
        mode = key.Mode,
        status = key.Status,
        @fixed = key.LimitFixed,
        daily = key.LimitDaily,
        weekly = key.LimitWeekly,
        monthly = key.LimitMonthly,
        rateLimitPerMinute = key.RateLimitPerMinute,
        surfaces = key.Surfaces,
        expiresAt = key.ExpiresAt,
        madeBy = key.MadeBy,
        secretVersion = key.SecretVersion,
        previousSecretUntil = key.PreviousSecretUntil,
        limitsChanged,
        now = time.GetUtcNow(),
    };
}
