using Stripe;
using Stripe.Checkout;

namespace MeteringGateway.Sales.Payments.Stripe;

/// <summary>
/// Checkout sessions: pages on which a customer pays once, subscribes, or saves a method. Under one reference one is made; where its answer
/// was lost it is looked for, and no other is made. Any number of callers at once.
/// </summary>
internal sealed class StripePages(StripeApi api, Installation installation, StripeCustomers customers, ILogger<StripePages> logger)
{
    /// <summary>Clocks differ; what is older than the order less this is none of its.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(1);
    private const int MaxPage = 100;

    public async Task<CheckoutReply> OpenAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        if (await FitsAsync(request, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var outside = await OutsideAsync(request.Payment.Reference, cancellationToken);
        var (session, customer) = await MakeAsync(
            request.Payment.AccountId, outside, id => Options(request, outside, id), cancellationToken);
        if (session is null && customer is not null)
        {
            session = await LookUpAsync(customer, outside, request.OrderedAt, cancellationToken);
        }

        return session?.Url is { } url
            ? new CheckoutReply(PaymentStatus.Pending, url, session.PaymentIntentId, null, session.Id)
            : new CheckoutReply(PaymentStatus.Unavailable, null, CheckoutId: session?.Id);
    }

    /// <summary>A page on which a method is saved; null where Stripe can't make one now.</summary>
    public async Task<string?> SetUpAsync(SetupRequest request, CancellationToken cancellationToken)
    {
        var outside = await OutsideAsync(request.Reference, cancellationToken);
        var options = new SessionCreateOptions
        {
            Mode = "setup",
            // Which kinds of methods are offered depends on it; top-ups are in dollars.
            Currency = "usd",
            ClientReferenceId = outside,
            SuccessUrl = request.SuccessUrl,
            CancelUrl = request.CancelUrl,
        };
        var (session, _) = await MakeAsync(
            request.AccountId, outside,
            customer =>
            {
                options.Customer = customer;
                return options;
            },
            cancellationToken);
        return session?.Url;
    }

    /// <summary>What has become of an order's page.</summary>
    public async Task<PaymentReply> FindAsync(PaymentLookup lookup, CancellationToken cancellationToken)
    {
        if (lookup.CheckoutId is { } id)
        {
            var options = new SessionGetOptions { Expand = ["payment_intent"] };
            var answer = await api.AskAsync(
                "checkout", (stripe, token) => stripe.Checkout.Sessions.GetAsync(id, options, null, token), cancellationToken);
            return answer.Value is { } found && found.Id == id ? StripeReading.Of(found)
                : new PaymentReply(answer.IsMissing ? PaymentStatus.Unknown : PaymentStatus.Unavailable);
        }

        if (await customers.FindAsync(lookup.AccountId, cancellationToken) is not { } customer)
        {
            return new PaymentReply(PaymentStatus.Unknown);
        }

        var outside = await OutsideAsync(lookup.Reference, cancellationToken);
        var search = await SearchAsync(customer, outside, lookup.OrderedAt, cancellationToken);
        return search.Found is { } session ? StripeReading.Of(session)
            : new PaymentReply(search.IsComplete ? PaymentStatus.Unknown : PaymentStatus.Unavailable);
    }

    /// <summary>Newer than that: of an order.</summary>
    public static DateRangeOptions Since(DateTimeOffset orderedAt) => new() { GreaterThanOrEqual = (orderedAt - s_skew).UtcDateTime };

    private async Task<string> OutsideAsync(string reference, CancellationToken cancellationToken) =>
        Installation.Outside(await installation.NameAsync(cancellationToken), reference);

    /// <summary>No session and a customer: nobody knows whether there is one. Neither: it was refused, or there is no customer.</summary>
    private async Task<(Session? Session, string? Customer)> MakeAsync(
        long accountId, string outside, Func<string, SessionCreateOptions> options, CancellationToken cancellationToken)
    {
        if (await customers.FindOrMakeAsync(accountId, cancellationToken) is not { } customer)
        {
            return default;
        }

        var answer = await PostAsync(options(customer), $"{outside}:checkout", cancellationToken);
        if (answer.IsMissingCustomer && await customers.ReplaceAsync(accountId, customer, cancellationToken) is { } other)
        {
            // Under another key than the one of other parameters: there is no page under that.
            (customer, answer) = (other, await PostAsync(options(other), $"{outside}:checkout:{other}", cancellationToken));
        }

        return answer.Value is { Id: not null } session ? (session, customer) : (null, answer.Refusal is null ? customer : null);
    }

    private Task<StripeAnswer<Session>> PostAsync(SessionCreateOptions options, string key, CancellationToken cancellationToken) =>
        api.AskAsync(
            "checkout", (stripe, token) => stripe.Checkout.Sessions.CreateAsync(options, StripeApi.Under(key), token), cancellationToken);

    private async Task<Session?> LookUpAsync(
        string customer, string outside, DateTimeOffset orderedAt, CancellationToken cancellationToken) =>
        (await SearchAsync(customer, outside, orderedAt, cancellationToken)).Found;

    private async Task<(Session? Found, bool IsComplete)> SearchAsync(
        string customer, string outside, DateTimeOffset orderedAt, CancellationToken cancellationToken)
    {
        var options = new SessionListOptions
        {
            Customer = customer,
            Created = Since(orderedAt),
            Limit = MaxPage,
            Expand = ["data.payment_intent"],
        };
        while (true)
        {
            var answer = await api.AskAsync(
                "checkouts", (stripe, token) => stripe.Checkout.Sessions.ListAsync(options, null, token), cancellationToken);
            if (answer.Value?.Data is not { } page)
            {
                return (null, answer.IsMissing);
            }

            if (page.Find(session => session.Metadata?.GetValueOrDefault(StripeReading.Order) == outside) is { } found)
            {
                return (found, true);
            }

            if (!answer.Value.HasMore || page.Count == 0)
            {
                return (null, true);
            }

            options.StartingAfter = page[^1].Id;
        }
    }

    /// <summary>
    /// A plan's price stands at Stripe, where somebody may have changed it: what would be charged is not what was ordered, and the
    /// customer's money would belong to nothing. Null: it is the order's.
    /// </summary>
    private async Task<CheckoutReply?> FitsAsync(CheckoutRequest request, CancellationToken cancellationToken)
    {
        if (request.ProductId is not { } id)
        {
            return null;
        }

        var answer = await api.AskAsync("price", (stripe, token) => stripe.Prices.GetAsync(id, null, null, token), cancellationToken);
        if (answer.Value is { } price && price.Active && price.UnitAmount == request.Payment.AmountCents
            && string.Equals(price.Currency, request.Payment.Currency, StringComparison.OrdinalIgnoreCase)
            && price.Recurring?.Interval == IntervalOf(request.Recurring) && price.Recurring?.IntervalCount is null or 1)
        {
            return null;
        }

        if (answer.Value is not null || answer.IsMissing)
        {
            logger.LogError(
                "The Stripe price {Price} is not {Amount} {Currency} {Interval}, or not active: nothing is sold by it",
                EventJson.IsId(id) ? id : "?", request.Payment.AmountCents, request.Payment.Currency,
                IntervalOf(request.Recurring) ?? "once");
        }

        return new CheckoutReply(PaymentStatus.Unavailable, null);
    }

    private static SessionCreateOptions Options(CheckoutRequest request, string outside, string customer)
    {
        var isPlan = request.Recurring is not null;
        var metadata = new Dictionary<string, string> { [StripeReading.Order] = outside };
        var options = new SessionCreateOptions
        {
            Mode = isPlan ? "subscription" : "payment",
            Customer = customer,
            ClientReferenceId = outside,
            SuccessUrl = request.SuccessUrl,
            CancelUrl = request.CancelUrl,
            Metadata = metadata,
            LineItems = [LineOf(request)],
            // What the customer pays is what was ordered, in its currency.
            AdaptivePricing = new SessionAdaptivePricingOptions { Enabled = false },
        };
        if (request.Recurring is { } plan)
        {
            var name = outside[..outside.IndexOf(':', StringComparison.Ordinal)];
            metadata[StripeReading.Subscription] = Installation.Outside(name, plan.Reference);
            options.SubscriptionData = new SessionSubscriptionDataOptions { Metadata = metadata };
        }
        else
        {
            options.PaymentIntentData = new SessionPaymentIntentDataOptions
            {
                Metadata = metadata,
                Description = request.Payment.Description,
                SetupFutureUsage = request.SavesMethod ? "off_session" : null,
            };
        }

        return options;
    }

    private static SessionLineItemOptions LineOf(CheckoutRequest request) => request.ProductId is { } price
        ? new SessionLineItemOptions { Price = price, Quantity = 1 }
        : new SessionLineItemOptions
        {
            Quantity = 1,
            PriceData = new SessionLineItemPriceDataOptions
            {
                Currency = request.Payment.Currency.ToLowerInvariant(),
                UnitAmount = request.Payment.AmountCents,
                ProductData = new SessionLineItemPriceDataProductDataOptions
                {
                    Name = request.Recurring?.PlanName ?? request.Payment.Description,
                },
                Recurring = request.Recurring is null
                    ? null
                    : new SessionLineItemPriceDataRecurringOptions { Interval = IntervalOf(request.Recurring) },
            },
        };

    private static string? IntervalOf(RecurringTerms? plan) => plan is null ? null : plan.Billing == "yearly" ? "year" : "month";
}
