-- Two payments for one account come one after the other: only one of its subscriptions runs.
select id from accounts where id = (select account_id from subscriptions where id = @subscription) for no key update;

-- A new subscription takes the old one's place when its first month is paid.
update subscriptions
set status = 'canceled', canceled_at = @now
where account_id = (select account_id from subscriptions where id = @subscription)
  and id <> @subscription and status in ('active', 'past_due') and @period = 0;

-- Of two payments of the same month the second finds it noted. A late one for an earlier month does not turn back.
update subscriptions
set status = 'active',
    anchor = coalesce(anchor, @now),
    period = @period,
    current_period_end = coalesce(anchor, @now) + make_interval(months => @period + 1)
where id = @subscription
  and (status in ('pending', 'past_due') or (status = 'active' and period < @period))
