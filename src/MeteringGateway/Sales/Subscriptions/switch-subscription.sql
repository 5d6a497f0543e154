-- With the order of the first month after what was paid, in its transaction.
update subscriptions
set plan_id = @planId, billing = @billing, channel = @channel, billed_from = @period, next_plan_id = null, next_billing = null,
  next_channel = null
where id = @id
