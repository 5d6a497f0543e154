-- After a payment: whose subscription it is there, what was agreed, and how far it is paid. The latest end of a month counts, in whatever
-- order the payments are told. Of a paid year the months are handed out here, one after the other. Until something was paid another
-- subscription of the provider may have taken the place: a customer's second try on a page. A refusal that is known stays where the
-- payment of another month is told again.
update subscriptions
set provider_id = case when exists (
        select from orders o
        where o.subscription_id = @id and o.id <> @orderId and o.status in ('paid', 'fulfilled') and o.price_cents > 0)
      then coalesce(provider_id, @providerId)
      else @providerId end,
    price_cents = coalesce(price_cents, @priceCents),
    paid_through = greatest(paid_through, @paidThrough),
    provider_period_end = greatest(provider_period_end, @periodEnd),
    current_period_end = case when billing = 'monthly' then coalesce(greatest(provider_period_end, @periodEnd), current_period_end)
      else current_period_end end,
    status = case when status = 'past_due' and paid_through <= @paidThrough then 'active' else status end
where id = @id
