using System.Globalization;
using MeteringGateway.Sales.Payments.Customers;
using Stripe;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>
/// Who an account is at Stripe. A customer that was made and not kept (the gateway died, the answer was lost) is found by its metadata, and
/// one too many costs nothing: nothing is paid by being made. Any number of callers at once.
/// </summary>
internal sealed class StripeCustomers(StripeApi api, Installation installation, PaymentCustomers kept, TimeProvider time)
{
    private const int MaxListed = 100;

    /// <summary>Null: none yet.</summary>
    public Task<string?> FindAsync(long accountId, CancellationToken cancellationToken) =>
        kept.FindAsync(accountId, StripeWebhook.Name, cancellationToken);

    /// <summary>Null: Stripe can't make one now.</summary>
    public async Task<string?> FindOrMakeAsync(long accountId, CancellationToken cancellationToken) =>
        await FindAsync(accountId, cancellationToken)
        ?? (await MakeAsync(accountId, cancellationToken) is { } made
            ? await kept.KeepAsync(accountId, StripeWebhook.Name, made, cancellationToken)
            : null);

    /// <summary>
    /// Another in the place of one that is not there: it was deleted, or the key is of another account or mode now. What it had on file
    /// went with it. Null: Stripe can't make one now.
    /// </summary>
    public async Task<string?> ReplaceAsync(long accountId, string gone, CancellationToken cancellationToken) =>
        await MakeAsync(accountId, cancellationToken) is { } made && made != gone
            ? await kept.ReplaceAsync(accountId, StripeWebhook.Name, gone, made, cancellationToken)
            : null;

    private async Task<string?> MakeAsync(long accountId, CancellationToken cancellationToken)
    {
        var outside = Installation.Outside(
            await installation.NameAsync(cancellationToken), string.Create(CultureInfo.InvariantCulture, $"account:{accountId}"));
        var options = new CustomerCreateOptions
        {
            Email = await kept.FindEmailAsync(accountId, cancellationToken),
            Metadata = new Dictionary<string, string> { [StripeReading.Account] = outside },
        };
        // Two at once make one; an error that Stripe keeps under the key is none for longer than a minute.
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        var key = StripeApi.Under(string.Create(CultureInfo.InvariantCulture, $"{outside}:{minute}"));
        var made = await api.AskAsync("customer", (stripe, token) => stripe.Customers.CreateAsync(options, key, token), cancellationToken);
        return made.Value is null && made.Refusal is null
            ? await LookUpAsync(options.Email, outside, cancellationToken)
            : made.Value?.Id;
    }

    private async Task<string?> LookUpAsync(string? email, string outside, CancellationToken cancellationToken)
    {
        var options = new CustomerListOptions { Email = email, Limit = MaxListed };
        var listed = await api.AskAsync(
            "customers", (stripe, token) => stripe.Customers.ListAsync(options, null, token), cancellationToken);
        return listed.Value?.Data?.FirstOrDefault(
            customer => customer.Metadata?.GetValueOrDefault(StripeReading.Account) == outside)?.Id;
    }
}
