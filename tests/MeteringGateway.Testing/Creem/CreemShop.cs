using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Creem;

/// <summary>
/// What Creem remembers, and what its customers do. Each change and the events that tell of it are one step. Any number of callers at once.
/// </summary>
public sealed class CreemShop
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CreemProduct> _products = [];
    private readonly Dictionary<string, string> _productsByKey = [];
    private readonly Dictionary<string, CreemCustomer> _customers = [];
    private readonly Dictionary<string, CreemCheckout> _checkouts = [];
    private readonly Dictionary<string, CreemSubscription> _subscriptions = [];
    private readonly List<CreemTransaction> _transactions = [];
    private readonly List<CreemEvent> _events = [];
    private readonly TimeProvider _time;
    private readonly CreemJson _json;
    private int _last;

    internal CreemShop(TimeProvider time, CreemJson json) => (_time, _json) = (time, json);

    /// <summary>On top of every price from now on, in per cent.</summary>
    public int TaxPercent { get; set; }

    /// <summary>Told of each event, in the order in which they happen.</summary>
    internal Action<CreemEvent> Told { get; set; } = _ => { };

    /// <summary>All events so far, told or withheld.</summary>
    public IReadOnlyList<CreemEvent> Events => Read(() => _events.ToList());

    /// <summary>What was really paid, and by which checkout: the measure of what a gateway may give credits for.</summary>
    public IReadOnlyList<CreemTransaction> Payments => Read(() => _transactions.ToList());
    public IReadOnlyList<CreemCheckout> Checkouts => Read(() => _checkouts.Values.ToList());
    public IReadOnlyList<CreemProduct> Products => Read(() => _products.Values.ToList());
    public IReadOnlyList<CreemSubscription> Subscriptions => Read(() => _subscriptions.Values.ToList());

    internal CreemProduct? Product(string id) => Read(() => _products.GetValueOrDefault(id));
    internal CreemCheckout? Checkout(string id) => Read(() => _checkouts.GetValueOrDefault(id));
    internal CreemSubscription? Subscription(string id) => Read(() => _subscriptions.GetValueOrDefault(id));
    internal CreemTransaction? Transaction(string id) => Read(() => _transactions.Find(transaction => transaction.Id == id));
    internal bool HasCustomer(string id) => Read(() => _customers.ContainsKey(id));

    /// <param name="name">As customers see it.</param>
    /// <param name="price">In the smallest unit.</param>
    /// <param name="currency"><c>USD</c> or <c>EUR</c>.</param>
    /// <param name="period"><c>once</c>, <c>every-month</c>, <c>every-year</c>.</param>
    /// <param name="key">The same key is the same product.</param>
    public CreemProduct AddProduct(string name, long price, string currency = "USD", string period = "once", string? key = null)
    {
        lock (_gate)
        {
            if (key is not null && _productsByKey.TryGetValue(key, out var known))
            {
                return _products[known];
            }

            var product = new CreemProduct(NextId("prod"), name, name, price, currency, period, Now);
            _products.Add(product.Id, product);
            if (key is not null)
            {
                _productsByKey.Add(key, product.Id);
            }

            return product;
        }
    }

    /// <summary>As if it had never been: of a shop that was emptied.</summary>
    public void Forget(string productId)
    {
        lock (_gate)
        {
            _products.Remove(productId);
            foreach (var key in _productsByKey.Where(pair => pair.Value == productId).Select(pair => pair.Key).ToList())
            {
                _productsByKey.Remove(key);
            }
        }
    }

    internal CreemCheckout AddCheckout(
        CreemProduct product, int units, long? price, string? requestId, string? successUrl, JsonElement? metadata, string? customer,
        string? email)
    {
        lock (_gate)
        {
            var checkout = new CreemCheckout
            {
                Id = NextId("ch"),
                Product = product,
                Units = units,
                CustomPrice = price,
                RequestId = requestId,
                SuccessUrl = successUrl,
                Metadata = metadata,
                CustomerId = customer,
                Email = email,
            };
            _checkouts.Add(checkout.Id, checkout);
            return checkout;
        }
    }

    /// <summary>A customer pays on the page. Null: it is paid or expired.</summary>
    public CreemOrder? Pay(string checkoutId)
    {
        lock (_gate)
        {
            var checkout = _checkouts[checkoutId];
            if (checkout.Status != "pending")
            {
                return null;
            }

            var customer = CustomerOf(checkout);
            var (tax, currency) = (checkout.Amount * TaxPercent / 100, checkout.Product.Currency);
            var order = new CreemOrder
            {
                Id = NextId("ord"),
                Product = checkout.Product,
                Customer = customer,
                Amount = checkout.Amount,
                Tax = tax,
                Currency = currency,
                At = Now,
            };
            (checkout.Status, checkout.Order) = ("completed", order);
            if (checkout.Product.IsRecurring)
            {
                checkout.Subscription = new CreemSubscription
                {
                    Id = NextId("sub"),
                    Product = checkout.Product,
                    Customer = customer,
                    Checkout = checkout,
                    At = Now,
                    ChangedAt = Now,
                };
                _subscriptions.Add(checkout.Subscription.Id, checkout.Subscription);
                order.Transaction = Charge(checkout.Subscription, Now, order, "paid");
            }
            else
            {
                order.Transaction = AddTransaction(order.Amount, tax, currency, order, null, customer, "paid");
            }

            Tell("checkout.completed", _json.Of(checkout));
            if (checkout.Subscription is { } subscription)
            {
                Tell("subscription.active", subscription);
                Tell("subscription.paid", subscription);
            }

            return order;
        }
    }

    /// <summary>Nobody paid in time.</summary>
    public void Expire(string checkoutId)
    {
        lock (_gate)
        {
            var checkout = _checkouts[checkoutId];
            checkout.Status = checkout.Status == "pending" ? "expired" : checkout.Status;
        }
    }

    /// <summary>
    /// The period ends: a subscription that was to end does, any other is charged for the next one. Null: nothing was paid.
    /// </summary>
    public CreemTransaction? BillNext(string subscriptionId, bool succeeds = true)
    {
        lock (_gate)
        {
            var subscription = _subscriptions[subscriptionId];
            switch (subscription.Status)
            {
                case "scheduled_cancel":
                    (subscription.Status, subscription.CanceledAt) = ("canceled", Now);
                    Tell("subscription.canceled", subscription);
                    return null;
                case "canceled" or "paused":
                    return null;
                case var _ when !succeeds:
                    var (price, currency) = (subscription.Product.Price, subscription.Product.Currency);
                    AddTransaction(price, 0, currency, null, subscription, subscription.Customer, "declined");
                    subscription.Status = "past_due";
                    Tell("subscription.past_due", subscription);
                    return null;
                default:
                    subscription.Status = "active";
                    var paid = Charge(subscription, subscription.To, null, "paid");
                    Tell("subscription.paid", subscription);
                    return paid;
            }
        }
    }

    /// <summary>Says how a subscription stands, under any name: <c>subscription.update</c>, <c>subscription.unpaid</c>, …</summary>
    public CreemSubscription Move(string subscriptionId, string status, string eventType)
    {
        lock (_gate)
        {
            var subscription = _subscriptions[subscriptionId];
            subscription.Status = status;
            subscription.CanceledAt = status == "canceled" ? Now : subscription.CanceledAt;
            Tell(eventType, subscription);
            return subscription;
        }
    }

    /// <param name="transactionId">What is given back.</param>
    /// <param name="amount">Null: all that is left of it; the REST interface knows nothing else.</param>
    /// <param name="status">What comes of it at first.</param>
    public CreemRefund Refund(string transactionId, long? amount = null, string status = "succeeded")
    {
        lock (_gate)
        {
            var transaction = _transactions.Single(one => one.Id == transactionId);
            var refund = new CreemRefund
            {
                Id = NextId("ref"),
                Transaction = transaction,
                Amount = amount ?? transaction.Total - transaction.Refunded,
                At = Now,
            };
            return Settle(refund, status);
        }
    }

    /// <summary>A refund that was under way has come to its end; told as an event of its own.</summary>
    public CreemRefund Settle(CreemRefund refund, string status)
    {
        lock (_gate)
        {
            refund.Status = status;
            if (status == "succeeded")
            {
                var transaction = refund.Transaction;
                transaction.Refunded += refund.Amount;
                transaction.Status = transaction.Refunded >= transaction.Total ? "refunded" : "partialRefund";
            }

            Tell("refund.created", _json.Of(refund, CheckoutOf(refund.Transaction)));
            return refund;
        }
    }

    public CreemDispute Dispute(string transactionId)
    {
        lock (_gate)
        {
            var transaction = _transactions.Single(one => one.Id == transactionId);
            transaction.Status = "chargedBack";
            var dispute = new CreemDispute(NextId("dis"), transaction, transaction.Total, Now);
            Tell("dispute.created", _json.Of(dispute, CheckoutOf(transaction)));
            return dispute;
        }
    }

    /// <summary>The newest first.</summary>
    internal IReadOnlyList<JsonObject> Transactions(Func<CreemTransaction, bool> which) =>
        Read(() => _transactions.Where(which).Reverse().Select(_json.Of).ToList());

    /// <summary>The newest first.</summary>
    internal IReadOnlyList<JsonObject> AllSubscriptions() =>
        Read(() => _subscriptions.Values.Reverse().Select(_json.Of).ToList());

    internal JsonObject Show<T>(T thing, Func<CreemJson, T, JsonObject> shape) => Read(() => shape(_json, thing));

    private DateTimeOffset Now => _time.GetUtcNow();

    private CreemTransaction Charge(CreemSubscription subscription, DateTimeOffset from, CreemOrder? order, string status)
    {
        (subscription.From, subscription.To) = (from, subscription.Product.Period == "every-year" ? from.AddYears(1) : from.AddMonths(1));
        var price = subscription.Product.Price;
        var transaction = AddTransaction(
            price, price * TaxPercent / 100, subscription.Product.Currency, order, subscription, subscription.Customer, status);
        subscription.LastTransaction = transaction;
        return transaction;
    }

    private CreemTransaction AddTransaction(
        long amount, long tax, string currency, CreemOrder? order, CreemSubscription? subscription, CreemCustomer customer, string status)
    {
        var transaction = new CreemTransaction
        {
            Id = NextId("tran"),
            Amount = amount,
            Tax = tax,
            Currency = currency,
            Order = order,
            Subscription = subscription,
            Customer = customer,
            From = subscription?.From,
            To = subscription?.To,
            At = Now,
            Status = status,
        };
        _transactions.Add(transaction);
        return transaction;
    }

    private CreemCustomer CustomerOf(CreemCheckout checkout)
    {
        var email = checkout.Email ?? "customer@example.com";
        var customer = checkout.CustomerId is { } id ? _customers[id] : _customers.Values.FirstOrDefault(one => one.Email == email);
        if (customer is null)
        {
            customer = new CreemCustomer(NextId("cust"), email, Now);
            _customers.Add(customer.Id, customer);
        }

        return customer;
    }

    /// <summary>The page that it was paid on; of a later month, that of the subscription.</summary>
    public CreemCheckout? CheckoutOf(CreemTransaction transaction) =>
        transaction.Subscription?.Checkout ?? _checkouts.Values.FirstOrDefault(checkout => checkout.Order == transaction.Order);

    private void Tell(string type, CreemSubscription subscription)
    {
        subscription.ChangedAt = Now;
        Tell(type, _json.Of(subscription));
    }

    private void Tell(string type, JsonObject thing)
    {
        var id = NextId("evt");
        var body = new JsonObject
        {
            ["id"] = id,
            ["eventType"] = type,
            ["created_at"] = Now.ToUnixTimeMilliseconds(),
            ["object"] = thing,
        };
        var told = new CreemEvent(id, type, body.ToJsonString());
        _events.Add(told);
        Told(told);
    }

    private string NextId(string prefix) => $"{prefix}_{(++_last).ToString("x8", CultureInfo.InvariantCulture)}{Guid.NewGuid():N}"[..28];

    private T Read<T>(Func<T> look)
    {
        lock (_gate)
        {
            return look();
        }
    }
}
