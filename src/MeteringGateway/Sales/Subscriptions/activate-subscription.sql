-- Two payments for one account come one after the other.
select id from accounts where id = (select account_id from subscriptions where id = @subscription) for no key update;

-- A new subscription takes the old one's place when its first month is paid: what is paid of the old one runs out.
update subscriptions
set status = case when status = 'past_due' then 'canceled' else status end,
    cancel_at_period_end = true, canceled_at = coalesce(canceled_at, @now), retry_at = null, next_plan_id = null, next_billing = null,
    next_channel = null
where account_id = (select account_id from subscriptions where id = @subscription)
  and id < @subscription and status in ('active', 'past_due') and @period = 0;

-- Of two payments of the same month the second finds it noted. A late one for an earlier month does not turn back.
-- A month that was ordered a day late or paid eight days late (an account that was suspended, a gateway that was away) starts when it is
-- paid, and the months after it count from there: nobody pays for a time that is over. Months of a paid year are owed,
-- and stay where they are.
update subscriptions s
set status = 'active',
    anchor = n.anchor,
    anchor_period = n.anchor_period,
    period = @period,
    paid_through = case when @period >= s.paid_through then @period + case when s.billing = 'yearly' then 12 else 1 end
    else s.paid_through end,
    current_period_end = (n.anchor at time zone 'utc' + make_interval(months => @period + 1 - n.anchor_period)) at time zone 'utc',
    refusals = 0,
    retry_at = null
from (
  select id, case when anew then @now else anchor end as anchor, case when anew then @period else anchor_period end as anchor_period
  from (
    select id, anchor, anchor_period,
      anchor is null or (@period >= paid_through
        and (@orderedAt > starts + interval '24 hours' or @now > starts + interval '192 hours')) as anew
    from (
      select id, anchor, anchor_period, paid_through,
        (anchor at time zone 'utc' + make_interval(months => @period - anchor_period)) at time zone 'utc' as starts
      from subscriptions
      where id = @subscription) as of_month) as of_anchor) as n
where s.id = @subscription and n.id = s.id
  and (s.status = 'pending' or (s.status in ('active', 'past_due') and s.period < @period));

-- One that is paid after a newer one has begun runs out with what is paid.
update subscriptions s
set cancel_at_period_end = true, canceled_at = coalesce(canceled_at, @now)
where id = @subscription and status = 'active' and @period = 0 and exists (
  select from subscriptions n
  where n.account_id = s.account_id and n.id > s.id and n.status in ('active', 'past_due') and not n.cancel_at_period_end)
