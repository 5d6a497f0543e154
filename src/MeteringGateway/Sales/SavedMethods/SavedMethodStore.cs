using MeteringGateway.Accounts.Audit;
using MeteringGateway.Http.Authentication;
using MeteringGateway.Sales.Payments;
using MeteringGateway.Sales.Payments.Customers;
using Npgsql;

namespace MeteringGateway.Sales.SavedMethods;

internal enum ForgetStatus
{
    Forgotten,

    /// <summary>The account has no such method.</summary>
    Unknown,

    /// <summary>The provider can't be told now, so the method is kept on file here too: it could be charged there still.</summary>
    Unavailable,
}

/// <summary>
/// What an account changes of its own payment methods, each with its trace in the audit. Any number of callers at once: changes of one
/// account's methods come one after the other.
/// </summary>
internal sealed class SavedMethodStore(NpgsqlDataSource database, PaymentMethods methods, IEnumerable<IPaymentProvider> providers)
{
    /// <summary>The method as it then is; null: the account has no such method. One that is the default already is left as it is.</summary>
    public async Task<PaymentMethodRow?> MakeDefaultAsync(
        long accountId, string methodId, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await PaymentMethods.LockAsync(transaction, accountId, methodId, cancellationToken);
        if (before is null or { IsDefault: true })
        {
            return before;
        }

        var after = before with { IsDefault = true };
        await PaymentMethods.MakeDefaultAsync(transaction, accountId, methodId, cancellationToken);
        await WriteAuditAsync(transaction, caller, "payment_method.default", accountId, before, after, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    /// <summary>
    /// The provider first: a method that is gone here and kept there would be charged by nobody, and removed by nobody either. Where the
    /// gateway dies in between, a repeat finds it gone at the provider and goes on.
    /// </summary>
    public async Task<ForgetStatus> ForgetAsync(long accountId, string methodId, Caller caller, CancellationToken cancellationToken)
    {
        var known = (await methods.ListAsync(accountId, cancellationToken)).FirstOrDefault(method => method.MethodId == methodId);
        if (known is null)
        {
            return ForgetStatus.Unknown;
        }

        // Not PaymentChannels.Find: where the sandbox stands in for a provider, it can't tell it anything.
        var keeper = providers.FirstOrDefault(provider => provider.Channel == known.Channel && provider.IsOpen) as IMethodProvider;
        if (keeper is null || !await keeper.ForgetMethodAsync(methodId, cancellationToken))
        {
            return ForgetStatus.Unavailable;
        }

        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        if (await PaymentMethods.LockAsync(transaction, accountId, methodId, CancellationToken.None) is { } removed)
        {
            await PaymentMethods.DeleteAsync(transaction, accountId, removed.Channel, methodId, CancellationToken.None);
            await WriteAuditAsync(transaction, caller, "payment_method.removed", accountId, removed, null, CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return ForgetStatus.Forgotten;
    }

    private static Task WriteAuditAsync(
        NpgsqlTransaction transaction, Caller caller, string action, long accountId, PaymentMethodRow before, PaymentMethodRow? after,
        CancellationToken cancellationToken) =>
        AuditTrail.WriteAsync(
            transaction,
            new AuditEntry(
                caller.Actor, action, $"account:{accountId}", MethodTrace.Of(before), after is null ? null : MethodTrace.Of(after)),
            cancellationToken);
}
