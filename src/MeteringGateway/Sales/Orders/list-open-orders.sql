-- The open orders whose request has had its time, page by page.
select id, account_id as AccountId, kind, status, credits, price_cents as PriceCents, currency, description,
  package_id as PackageId, package_slug as PackageSlug, package_name as PackageName, subscription_id as SubscriptionId, period,
  channel, hosted, saves_method as SavesMethod, payment_id as PaymentId, checkout_id as CheckoutId, paid_cents as PaidCents,
  reversed_credits as ReversedCredits, payment_url as PaymentUrl, refusal, request_hash as RequestHash, balance_after as BalanceAfter,
  attempts, created_at as CreatedAt, paid_at as PaidAt, settled_at as SettledAt
from orders
where status in ('pending', 'paid') and retry_at <= @now and id > @after
order by id
limit @limit
