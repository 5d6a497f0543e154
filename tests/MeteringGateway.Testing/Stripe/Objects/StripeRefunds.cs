using System.Text.Json.Nodes;

namespace MeteringGateway.Testing.Stripe.Objects;

internal sealed class StripeRefunds
{
    private readonly StripeWorld _world;

    public StripeRefunds(StripeWorld world)
    {
        _world = world;
        world.Routes
            .Post("/v1/refunds", call => Create(call.Form))
            .Get("/v1/refunds", call => StripeLists.Page(
                world.Objects.Of("refund").Where(refund => StripePayments.IsOf(refund, call.Form, "payment_intent")
                    && StripePayments.IsOf(refund, call.Form, "charge")), call.Path, call.Form))
            .Get("/v1/refunds/*", call => Get(call.Id))
            .Post("/v1/refunds/*", call => Change(Get(call.Id), call.Form));
    }

    public JsonObject Get(string? id) => _world.Objects.Get(id, "refund");

    /// <param name="form">As the call has it.</param>
    /// <param name="status"><c>succeeded</c>, or <c>pending</c> where the bank takes its time.</param>
    public JsonObject Create(JsonObject form, string status = "succeeded")
    {
        var charge = form.Text("charge") is { } id
            ? _world.Objects.Get(id, "charge")
            : _world.Objects.Get(_world.Payments.Get(form.Text("payment_intent")).Text("latest_charge"), "charge");
        var left = charge.Whole("amount_captured")!.Value - charge.Whole("amount_refunded")!.Value;
        var amount = form.Whole("amount") ?? left;
        if (left == 0)
        {
            throw StripeRefusal.Invalid("Charge has already been refunded.", null, "charge_already_refunded");
        }

        if (charge.Truth("disputed") && _world.Disputes.HoldsMoneyOf(charge))
        {
            throw StripeRefusal.Invalid("Charge has been charged back; cannot issue a refund.", null, "charge_disputed");
        }

        if (amount <= 0 || amount > left)
        {
            throw StripeRefusal.Invalid($"Refund amount ({amount}) is greater than unrefunded amount on charge ({left}).", "amount");
        }

        var refund = _world.Objects.Add(
            "refund", "re", ("amount", amount), ("currency", charge.Text("currency")), ("charge", charge.Id()),
            ("payment_intent", charge.Text("payment_intent")), ("reason", form.Text("reason")), ("status", status));
        refund.Merge(form["metadata"]).Set(("balance_transaction", $"txn_{refund.Id()}"));
        Count(charge);
        _world.Events.Add("charge.refunded", charge);
        _world.Events.Add("refund.created", refund);
        return refund;
    }

    /// <summary>What became of a refund that was under way, or that the bank sent back.</summary>
    public void Become(JsonObject refund, string status)
    {
        var before = new JsonObject { ["status"] = refund.Text("status") };
        refund.Set(("status", status));
        Count(_world.Objects.Get(refund.Text("charge"), "charge"));
        _world.Events.Add("refund.updated", refund, before);
        _world.Events.Add("charge.refund.updated", refund, (JsonObject)before.DeepClone());
        if (status == "failed")
        {
            _world.Events.Add("refund.failed", refund);
        }
    }

    private void Count(JsonObject charge)
    {
        var refunded = _world.Objects.Of("refund")
            .Where(refund => refund.Text("charge") == charge.Id() && refund.Text("status") is not ("failed" or "canceled"))
            .Sum(refund => refund.Whole("amount")!.Value);
        charge.Set(("amount_refunded", refunded), ("refunded", refunded == charge.Whole("amount")));
    }

    private JsonObject Change(JsonObject refund, JsonObject form)
    {
        _world.Events.Add("refund.updated", refund.Merge(form["metadata"]), []);
        _world.Events.Add("charge.refund.updated", refund, []);
        return refund;
    }
}
