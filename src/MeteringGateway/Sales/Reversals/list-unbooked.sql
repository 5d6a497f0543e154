-- Orders that have their credits, and refunds or disputes that they have not followed. Of the last weeks: those of other installations
-- on the provider's account have no order here, ever, and must not be looked for for ever.
select o.id, o.account_id as AccountId
from payment_reversals r
join lateral (
  select r.payment_id as id
  union
  select a.payment_id from payment_aliases a where a.channel = r.channel and a.alias = r.payment_id) as named on true
join orders o on o.channel = r.channel and o.payment_id = named.id and o.status = 'fulfilled'
where r.booked <> r.state and r.created_at > @since and (r.currency is null or r.currency = o.currency) and o.id > @after
group by o.id, o.account_id
order by o.id
limit @limit
