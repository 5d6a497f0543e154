-- Waits for a transaction that is inserting the same idempotency key, subscription month or free package, and then inserts nothing.
insert into orders (
  account_id, kind, credits, price_cents, currency, description, package_id, package_slug, package_name,
  subscription_id, period, attempt, person_id, channel, hosted, idempotency_key, request_hash, retry_at, created_at)
values (
  @AccountId, @Kind, @Credits, @PriceCents, @Currency, @Description, @PackageId, @PackageSlug, @PackageName,
  @SubscriptionId, @Period, @Attempt, coalesce(@PersonId, @AccountId), @Channel, @Hosted, @IdempotencyKey, @RequestHash, @RetryAt, @Now)
on conflict do nothing
returning id, account_id as AccountId, kind, status, credits, price_cents as PriceCents, currency, description,
  package_id as PackageId, package_slug as PackageSlug, package_name as PackageName, subscription_id as SubscriptionId, period,
  channel, hosted, saves_method as SavesMethod, payment_id as PaymentId, checkout_id as CheckoutId, paid_cents as PaidCents,
  reversed_credits as ReversedCredits, payment_url as PaymentUrl, refusal, request_hash as RequestHash, balance_after as BalanceAfter,
  attempts, created_at as CreatedAt, paid_at as PaidAt, settled_at as SettledAt
