-- Takes back a cancellation, and a change that was wanted before. The plan that runs is no change.
update subscriptions
set cancel_at_period_end = false, canceled_at = null,
    next_plan_id = case when plan_id = @planId and billing = @billing then null else @planId end,
    next_billing = case when plan_id = @planId and billing = @billing then null else @billing end,
    next_channel = case when plan_id = @planId and billing = @billing then null else @channel end
where id = @id and status = 'active'
returning id
