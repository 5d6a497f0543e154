-- After a payment: whose subscription it is there, what was agreed, and how far it is paid. The latest end of a month counts, in whatever
-- order the payments are told. Of a paid year the months are handed out here, one after the other.
update subscriptions
set provider_id = coalesce(provider_id, @providerId),
    price_cents = coalesce(price_cents, @priceCents),
    paid_through = greatest(paid_through, @paidThrough),
    provider_period_end = greatest(provider_period_end, @periodEnd),
    current_period_end = case when billing = 'monthly' then coalesce(greatest(provider_period_end, @periodEnd), current_period_end)
      else current_period_end end,
    status = case when status = 'past_due' then 'active' else status end
where id = @id
