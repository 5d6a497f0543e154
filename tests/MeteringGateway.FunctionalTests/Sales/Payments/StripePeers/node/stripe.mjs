// Makes the calls that the command line names with Stripe's own client, one after the other, and prints one line of JSON with what came
// of each.
import Stripe from 'stripe';

const { ADDRESS, KEY, BODY, HEADER, SECRET } = process.env;
const { protocol, hostname, port } = new URL(ADDRESS ?? 'http://127.0.0.1:1');
const stripe = new Stripe(KEY ?? 'sk_test_none', {
  protocol: protocol.replace(':', ''), host: hostname, port, maxNetworkRetries: 0, telemetry: false,
});
const once = { idempotencyKey: 'node-1' };

async function refusal(call) {
  try {
    await call;
    return null;
  } catch (error) {
    const { type, code, decline_code, statusCode, payment_intent } = error;
    return { type, code, decline_code, statusCode, intent_status: payment_intent?.status ?? null };
  }
}

const calls = {
  async checkout() {
    const customer = await stripe.customers.create({ email: 'node@example.com' });
    const product = await stripe.products.create({ name: 'Credits' });
    const price = await stripe.prices.create({ product: product.id, unit_amount: 1500, currency: 'usd' });
    const session = await stripe.checkout.sessions.create({
      mode: 'payment', customer: customer.id, client_reference_id: 'ref-1', metadata: { order: 'order:1' },
      line_items: [{ price: price.id, quantity: 2 }], success_url: 'https://shop.example/?s={CHECKOUT_SESSION_ID}',
      payment_intent_data: { metadata: { order: 'order:1' }, setup_future_usage: 'off_session' },
    });
    const inline = await stripe.checkout.sessions.create({
      mode: 'payment', success_url: 'https://shop.example/', adaptive_pricing: { enabled: false },
      line_items: [{ price_data: { currency: 'jpy', unit_amount: 3000, product_data: { name: 'Credits' } }, quantity: 1 }],
    });
    const expired = await stripe.checkout.sessions.expire(inline.id);
    const again = await refusal(stripe.checkout.sessions.expire(inline.id));
    const got = await stripe.checkout.sessions.retrieve(session.id, { expand: ['customer', 'payment_intent'] });
    const listed = await stripe.checkout.sessions.list({ customer: customer.id });
    return {
      total: session.amount_total, url: session.url, reference: got.client_reference_id, email: got.customer.email,
      listed: listed.data.map(one => one.id === session.id), yen: inline.amount_total, pricing: inline.adaptive_pricing,
      expired: expired.status, again,
    };
  },

  async charge() {
    const customer = await stripe.customers.create({});
    const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const options = { amount: 700, currency: 'usd', customer: customer.id, payment_method: method.id, off_session: true, confirm: true };
    const first = await stripe.paymentIntents.create(options, once);
    const repeat = await stripe.paymentIntents.create(options, once);
    const other = await refusal(stripe.paymentIntents.create({ ...options, amount: 701 }, once));
    const refund = await stripe.refunds.create({ payment_intent: first.id, amount: 200 });
    const tooMuch = await refusal(stripe.refunds.create({ payment_intent: first.id, amount: 501 }));
    const canceled = await stripe.paymentIntents.cancel((await stripe.paymentIntents.create({ amount: 5, currency: 'usd' })).id);
    const listed = await stripe.paymentIntents.list({ customer: customer.id, created: { gte: first.created - 60 } });
    const late = await stripe.paymentIntents.list({ customer: customer.id, created: { gte: first.created + 60 } });
    return {
      status: first.status, same: repeat.id === first.id, replayed: repeat.lastResponse.headers['idempotent-replayed'],
      other, refund: refund.status, tooMuch, canceled: canceled.status, listed: listed.data.length, late: late.data.length,
    };
  },

  async declines() {
    const results = [];
    for (const card of ['chargeCustomerFail', 'authenticationRequired']) {
      const customer = await stripe.customers.create({});
      const method = await stripe.paymentMethods.attach(`pm_card_${card}`, { customer: customer.id });
      results.push(await refusal(stripe.paymentIntents.create({
        amount: 700, currency: 'usd', customer: customer.id, payment_method: method.id, off_session: true, confirm: true,
      })));
    }
    results.push(await refusal(stripe.paymentIntents.retrieve('pi_none')));
    results.push(await refusal(new Stripe('sk_test_wrong', { protocol: 'http', host: hostname, port, maxNetworkRetries: 0 })
      .customers.list()));
    return results;
  },

  async subscription() {
    const customer = await stripe.customers.create({
      payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const product = await stripe.products.create({ name: 'Plan' });
    const price = await stripe.prices.create({ product: product.id, unit_amount: 999, currency: 'usd', recurring: { interval: 'month' } });
    const made = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], metadata: { order: 'order:9' } });
    const invoice = await stripe.invoices.retrieve(made.latest_invoice, { expand: ['payments'] });
    const intent = invoice.payments.data[0].payment.payment_intent;
    const paid = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent } });
    const ending = await stripe.subscriptions.update(made.id, { cancel_at_period_end: true });
    const ended = await stripe.subscriptions.cancel(made.id);
    const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: 'https://shop.example/' });
    return {
      status: made.status, period: made.items.data[0].current_period_end > made.items.data[0].current_period_start,
      reason: invoice.billing_reason, order: invoice.parent.subscription_details.metadata.order,
      subscription: invoice.parent.subscription_details.subscription === made.id, invoice: paid.data[0].invoice === invoice.id,
      ending: ending.cancel_at_period_end, ended: ended.status, portal: portal.url,
    };
  },

  async pages() {
    const customer = await stripe.customers.create({});
    for (let i = 1; i <= 7; i++) {
      await stripe.paymentIntents.create({ amount: i, currency: 'usd', customer: customer.id });
    }
    const amounts = [];
    for await (const intent of stripe.paymentIntents.list({ customer: customer.id, limit: 3 })) amounts.push(intent.amount);
    const types = new Set();
    const wanted = { types: ['payment_intent.created', 'customer.created'], limit: 3 };
    for await (const event of stripe.events.list(wanted)) types.add(event.type);
    return { amounts, types: [...types].sort() };
  },

  verify() {
    const { id, type, api_version } = stripe.webhooks.constructEvent(BODY, HEADER, SECRET);
    return { id, type, api_version };
  },

  sign: () => ({ header: stripe.webhooks.generateTestHeaderString({ payload: BODY, secret: SECRET }) }),
};

const results = [];
for (const name of process.argv.slice(2)) results.push(await calls[name]());
console.log(JSON.stringify(results));
