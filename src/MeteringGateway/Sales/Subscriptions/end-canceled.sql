-- The canceled subscriptions whose paid months are over.
update subscriptions
set status = 'canceled'
where status = 'active' and cancel_at_period_end and period + 1 >= paid_through and current_period_end <= @now
