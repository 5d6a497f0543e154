using MeteringGateway.Sales.Payments.Customers;
using Stripe;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>
/// Takes money through Stripe. A payment is one intent under the key <c>mg_…:order:42</c>: an answer that is lost is looked up by customer
/// and metadata, and the intent is never asked for under another key. Any number of callers at once.
/// </summary>
internal sealed class StripePaymentProvider(
    StripeApi api, Installation installation, StripeCustomers customers, StripePages pages, PaymentMethods methods)
    : IPaymentProvider, ISubscriptionProvider, IMethodProvider
{
    private const int MaxPage = 100;

    public string Channel => StripeWebhook.Name;
    public bool IsOpen => api.IsOpen;
    public IReadOnlyList<string> PageOrigins => api.PageOrigins;

    public async Task<PaymentReply> ChargeAsync(PaymentRequest request, CancellationToken cancellationToken)
    {
        var outside = Installation.Outside(await installation.NameAsync(cancellationToken), request.Reference);
        var customer = await customers.FindAsync(request.AccountId, cancellationToken);
        var method = await methods.FindForChargeAsync(request.AccountId, Channel, cancellationToken);
        if (customer is null || method is null)
        {
            // What was charged before the method went is not forgotten.
            var known = customer is null
                ? new PaymentReply(PaymentStatus.Unknown)
                : await LookUpAsync(customer, outside, null, cancellationToken);
            return known.Status == PaymentStatus.Unknown
                ? new PaymentReply(PaymentStatus.NeedsCustomer, Detail: "No payment method is on file.")
                : known;
        }

        var options = new PaymentIntentCreateOptions
        {
            Amount = request.AmountCents,
            Currency = request.Currency.ToLowerInvariant(),
            Customer = customer,
            PaymentMethod = method.MethodId,
            Description = request.Description,
            OffSession = true,
            Confirm = true,
            Metadata = new Dictionary<string, string> { [StripeReading.Order] = outside },
        };
        var answer = await api.AskAsync(
            "charge", (stripe, token) => stripe.PaymentIntents.CreateAsync(options, StripeApi.Under(outside), token), cancellationToken);
        if (answer.Value is { Id: not null } intent)
        {
            return StripeReading.Of(intent);
        }

        if (answer.Refusal is { } refusal)
        {
            return StripeReading.Refused(refusal, refusal.PaymentIntent?.Id);
        }

        // It may be there all the same, or come yet.
        var found = await LookUpAsync(customer, outside, null, cancellationToken);
        return found.Status == PaymentStatus.Unknown ? new PaymentReply(PaymentStatus.Unavailable) : found;
    }

    public Task<CheckoutReply> CheckoutAsync(CheckoutRequest request, CancellationToken cancellationToken) =>
        pages.OpenAsync(request, cancellationToken);

    public async Task<PaymentReply> FindAsync(PaymentLookup lookup, CancellationToken cancellationToken)
    {
        if (lookup.IsHosted)
        {
            return await pages.FindAsync(lookup, cancellationToken);
        }

        var outside = Installation.Outside(await installation.NameAsync(cancellationToken), lookup.Reference);
        return await customers.FindAsync(lookup.AccountId, cancellationToken) is { } customer
            ? await LookUpAsync(customer, outside, lookup.OrderedAt, cancellationToken)
            : new PaymentReply(PaymentStatus.Unknown);
    }

    public async Task<string?> PortalAsync(PortalRequest request, CancellationToken cancellationToken)
    {
        if (await customers.FindAsync(request.AccountId, cancellationToken) is not { } customer)
        {
            return null;
        }

        var options = new global::Stripe.BillingPortal.SessionCreateOptions { Customer = customer, ReturnUrl = request.ReturnUrl };
        var answer = await api.AskAsync(
            "portal", (stripe, token) => stripe.BillingPortal.Sessions.CreateAsync(options, null, token), cancellationToken);
        return answer.Value?.Url;
    }

    public async Task<bool> TellAsync(string subscriptionId, SubscriptionWish wish, CancellationToken cancellationToken)
    {
        var ends = wish != SubscriptionWish.GoesOn;
        var options = new SubscriptionUpdateOptions { CancelAtPeriodEnd = ends };

        // Canceled at once, its open invoice is collected no more.
        var answer = await api.AskAsync(
            "subscription",
            (stripe, token) => wish == SubscriptionWish.EndsNow
                ? stripe.Subscriptions.CancelAsync(subscriptionId, new SubscriptionCancelOptions(), null, token)
                : stripe.Subscriptions.UpdateAsync(subscriptionId, options, null, token),
            cancellationToken);

        // One that is over can't be changed, and has ended.
        return answer.Value is { } changed
            ? wish == SubscriptionWish.EndsNow || changed.CancelAtPeriodEnd == ends
            : ends && answer.Refusal is not null
                && await FindSubscriptionAsync(subscriptionId, cancellationToken) is { State: SubscriptionState.Ended };
    }

    public async Task<SubscriptionFacts?> FindSubscriptionAsync(string subscriptionId, CancellationToken cancellationToken)
    {
        var answer = await api.AskAsync(
            "subscription", (stripe, token) => stripe.Subscriptions.GetAsync(subscriptionId, null, null, token), cancellationToken);
        return answer.Value is { } found && found.Id == subscriptionId ? StripeReading.Of(found)
            : answer.IsMissing ? new SubscriptionFacts(subscriptionId, SubscriptionState.Ended, IsEnding: true, PeriodEnd: null)
            : null;
    }

    public Task<string?> SetUpAsync(SetupRequest request, CancellationToken cancellationToken) =>
        pages.SetUpAsync(request, cancellationToken);

    public async Task<MethodFacts?> FindMethodAsync(string savedBy, CancellationToken cancellationToken)
    {
        var answer = await api.AskAsync("method", (stripe, token) => SavedMethodAsync(stripe, savedBy, token), cancellationToken);
        return answer.Value is { } saved ? saved.Method is { CustomerId: not null } method ? StripeReading.Of(method) : null
            : answer.Refusal is not null ? null
            : throw new PaymentUnavailableException("Stripe can't be asked for a payment method.");
    }

    public async Task<bool> ForgetMethodAsync(string methodId, CancellationToken cancellationToken)
    {
        var answer = await api.AskAsync(
            "forget", (stripe, token) => stripe.PaymentMethods.DetachAsync(methodId, null, null, token), cancellationToken);
        // It was refused because it is nobody's any more, or was never there.
        return answer.Value is not null || answer.Refusal is not null;
    }

    private static async Task<Saved> SavedMethodAsync(V1Services stripe, string savedBy, CancellationToken cancellationToken) =>
        new(savedBy.Split('_')[0] switch
        {
            "seti" => (await stripe.SetupIntents.GetAsync(
                savedBy, new SetupIntentGetOptions { Expand = ["payment_method"] }, null, cancellationToken)).PaymentMethod,
            "sub" => (await stripe.Subscriptions.GetAsync(
                savedBy, new SubscriptionGetOptions { Expand = ["default_payment_method"] }, null, cancellationToken)).DefaultPaymentMethod,
            "pm" => await stripe.PaymentMethods.GetAsync(savedBy, null, null, cancellationToken),
            _ => (await stripe.PaymentIntents.GetAsync(
                savedBy, new PaymentIntentGetOptions { Expand = ["payment_method"] }, null, cancellationToken)).PaymentMethod,
        });

    /// <summary>Read from Stripe's lists, which have a payment at once; its search may be an hour behind.</summary>
    /// <param name="customer">Who pays.</param>
    /// <param name="outside">What the intent's metadata says.</param>
    /// <param name="orderedAt">Nothing is older; null: not known.</param>
    /// <param name="cancellationToken">The caller's.</param>
    private async Task<PaymentReply> LookUpAsync(
        string customer, string outside, DateTimeOffset? orderedAt, CancellationToken cancellationToken)
    {
        var options = new PaymentIntentListOptions { Customer = customer, Limit = MaxPage };
        if (orderedAt is { } time)
        {
            options.Created = StripePages.Since(time);
        }

        while (true)
        {
            var answer = await api.AskAsync(
                "payments", (stripe, token) => stripe.PaymentIntents.ListAsync(options, null, token), cancellationToken);
            if (answer.Value?.Data is not { } page)
            {
                return new PaymentReply(answer.IsMissing ? PaymentStatus.Unknown : PaymentStatus.Unavailable);
            }

            if (page.Find(intent => intent.Metadata?.GetValueOrDefault(StripeReading.Order) == outside) is { } found)
            {
                return StripeReading.Of(found);
            }

            if (!answer.Value.HasMore || page.Count == 0)
            {
                return new PaymentReply(PaymentStatus.Unknown);
            }

            options.StartingAfter = page[^1].Id;
        }
    }

    private sealed record Saved(PaymentMethod? Method);
}
