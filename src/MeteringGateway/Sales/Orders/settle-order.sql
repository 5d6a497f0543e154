-- Moves an order on if its status allows the move; of two gateways that try, one does.
update orders
set status = @status,
    payment_id = coalesce(@paymentId, payment_id),
    paid_cents = coalesce(@paidCents, paid_cents),
    refusal = @refusal,
    balance_after = coalesce(@balanceAfter, balance_after),
    paid_at = case when @status = 'paid' then @now else paid_at end,
    settled_at = case when @status = 'paid' then null else @now end,
    attempts = 0,
    retry_at = @retryAt
where id = @id and status = any(@before)
returning id, account_id as AccountId, kind, status, credits, price_cents as PriceCents, currency, description,
  package_id as PackageId, package_slug as PackageSlug, package_name as PackageName, subscription_id as SubscriptionId, period,
  channel, hosted, saves_method as SavesMethod, payment_id as PaymentId, checkout_id as CheckoutId, paid_cents as PaidCents,
  reversed_credits as ReversedCredits, payment_url as PaymentUrl, refusal, request_hash as RequestHash, balance_after as BalanceAfter,
  attempts, created_at as CreatedAt, paid_at as PaidAt, settled_at as SettledAt
