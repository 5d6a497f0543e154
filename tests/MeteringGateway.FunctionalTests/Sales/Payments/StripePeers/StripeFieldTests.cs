using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MeteringGateway.Testing.Stripe;
using Stripe;

namespace MeteringGateway.FunctionalTests.Sales.Payments.StripePeers;

/// <summary>
/// The double's objects have the fields of Stripe's: no field that Stripe.net does not know, and every field that Stripe's own sample
/// objects have (<c>fields.json</c>, from stripe/stripe-mock) but for those that have gone since, which Stripe.net does not know either.
/// </summary>
public sealed class StripeFieldTests
{
    private static readonly Dictionary<string, Type> s_types = new()
    {
        ["customer"] = typeof(Customer),
        ["product"] = typeof(Product),
        ["price"] = typeof(Price),
        ["payment_method"] = typeof(PaymentMethod),
        ["setup_intent"] = typeof(SetupIntent),
        ["payment_intent"] = typeof(PaymentIntent),
        ["checkout.session"] = typeof(global::Stripe.Checkout.Session),
        ["invoice"] = typeof(Invoice),
        ["invoice_payment"] = typeof(InvoicePayment),
        ["line_item"] = typeof(InvoiceLineItem),
        ["subscription"] = typeof(Subscription),
        ["subscription_item"] = typeof(SubscriptionItem),
        ["refund"] = typeof(Refund),
        ["dispute"] = typeof(Dispute),
        ["charge"] = typeof(Charge),
        ["event"] = typeof(Event),
        ["billing_portal.session"] = typeof(global::Stripe.BillingPortal.Session),
    };

    [Fact]
    public async Task Objects_OfALifeAtTheDouble_HaveStripesFieldsAndNoOthers()
    {
        await using var stripe = await StripeDouble.StartAsync();
        await StripeLife.LiveAsync(stripe);
        var samples = JsonSerializer.Deserialize<Dictionary<string, string>>(
            await System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sales/Payments/StripePeers/fields.json")))!;

        var seen = new HashSet<string>();
        foreach (var thing in stripe.Everything().SelectMany(All))
        {
            var kind = thing["object"]!.ToString();
            if (!s_types.TryGetValue(kind, out var type))
            {
                continue;
            }

            seen.Add(kind);
            var known = Names(type);
            var given = thing.Select(field => field.Key).ToHashSet();
            Assert.True(given.IsSubsetOf(known), $"{kind} has {string.Join(' ', given.Except(known))}");
            var wanted = samples[kind].Split(' ').Where(known.Contains).Except(Absent(kind, thing)).ToHashSet();
            Assert.True(wanted.IsSubsetOf(given), $"{kind} lacks {string.Join(' ', wanted.Except(given))}");
        }

        Assert.Equal(s_types.Keys.Order(), seen.Order());
    }

    /// <summary>Fields that are there only in some objects: a list that is asked for, the details of another type.</summary>
    private static string[] Absent(string kind, JsonObject thing) => kind switch
    {
        "charge" => ["refunds"],
        "payment_method" when thing["type"]!.ToString() != "card" => ["card"],
        _ => [],
    };

    private static HashSet<string> Names(Type type) =>
        [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name).OfType<string>()];

    /// <summary>The object and those that stand in it.</summary>
    private static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject thing => thing.SelectMany(field => All(field.Value)).Concat(thing["object"] is JsonValue ? [thing] : []),
        JsonArray list => list.SelectMany(All),
        _ => [],
    };
}
