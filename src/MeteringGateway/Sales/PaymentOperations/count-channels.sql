select c.channel, e.received_at as LastEventAt,
       (select count(*)
        from orders o
        where o.channel = c.channel and o.status = 'pending' and o.created_at < @pendingBefore) as Pending,
       (select count(*)
        from orders o
        where o.channel = c.channel and o.price_cents > 0 and o.paid_at > @paidAfter and o.paid_at < @paidBefore
          and (e.received_at is null or o.paid_at > e.received_at + @slack)) as Untold
from unnest(@channels::text[]) as c (channel)
left join lateral (
  select received_at
  from payment_events
  where channel = c.channel
  order by received_at desc
  limit 1) e on true
