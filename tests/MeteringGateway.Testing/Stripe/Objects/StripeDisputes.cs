using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

internal sealed class StripeDisputes
{
    private readonly StripeWorld _world;

    public StripeDisputes(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Get("/v1/disputes", call => StripeLists.Page(
                world.Objects.Of("dispute").Where(dispute => StripePayments.IsOf(dispute, call.Form, "payment_intent")
                    && StripePayments.IsOf(dispute, call.Form, "charge")), call.Path, call.Form))
            .Get("/v1/disputes/*", call => Get(call.Id))
            .Post("/v1/disputes/*", call => Change(Get(call.Id), call.Form))
            .Post("/v1/disputes/*/close", call => Close(Get(call.Id), isWon: false));
    }

    public JsonObject Get(string? id) => _world.Objects.Get(id, "dispute");

    /// <summary>The bank has taken the money back, or still has it.</summary>
    public bool HoldsMoneyOf(JsonObject charge) => _world.Objects.Of("dispute").Any(dispute =>
        dispute.Text("charge") == charge.Id() && dispute.Text("status") is "needs_response" or "under_review" or "lost");

    /// <summary>The cardholder complains. What is disputed is withdrawn at once, but for an inquiry.</summary>
    public JsonObject Open(JsonObject charge, long? amount, bool isInquiry)
    {
        var dispute = _world.Objects.Add(
            "dispute", "du", ("amount", amount ?? charge.Whole("amount")), ("currency", charge.Text("currency")), ("charge", charge.Id()),
            ("payment_intent", charge.Text("payment_intent")), ("status", isInquiry ? "warning_needs_response" : "needs_response"),
            ("is_charge_refundable", isInquiry),
            ("payment_method_details", new JsonObject
            {
                ["type"] = "card",
                ["card"] = new JsonObject
                {
                    ["brand"] = "visa",
                    ["case_type"] = isInquiry ? "inquiry" : "chargeback",
                    ["network_reason_code"] = "10.4",
                },
            }));
        charge.Set(("disputed", true));
        _world.Events.Add("charge.dispute.created", dispute);
        if (!isInquiry)
        {
            Move(dispute, -1);
            _world.Events.Add("charge.dispute.funds_withdrawn", dispute);
        }

        return dispute;
    }

    public JsonObject Close(JsonObject dispute, bool isWon)
    {
        var isInquiry = dispute.Text("status")!.StartsWith("warning_", StringComparison.Ordinal);
        dispute.Set(("status", isInquiry ? "warning_closed" : isWon ? "won" : "lost"));
        if (isWon && !isInquiry)
        {
            Move(dispute, 1);
            _world.Events.Add("charge.dispute.funds_reinstated", dispute);
        }

        _world.Events.Add("charge.dispute.closed", dispute);
        return dispute;
    }

    private void Move(JsonObject dispute, int sign) => ((JsonArray)dispute["balance_transactions"]!).Add(new JsonObject
    {
        ["id"] = $"txn_{dispute.Id()}{(sign < 0 ? "" : "_back")}",
        ["object"] = "balance_transaction",
        ["amount"] = sign * dispute.Whole("amount"),
        ["currency"] = dispute.Text("currency"),
        ["created"] = _world.Objects.Now,
        ["reporting_category"] = sign < 0 ? "dispute" : "dispute_reversal",
        ["type"] = "adjustment",
    });

    private JsonObject Change(JsonObject dispute, JsonObject form)
    {
        _world.Events.Add("charge.dispute.updated", dispute.Merge(form["metadata"]), []);
        return dispute;
    }
}
