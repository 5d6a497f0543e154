-- As the provider has it. What it said before something that is known already changes nothing, and what is over stays over. A wish of the
-- customer's that the provider has not heard of yet stays. What is over and paid to a later day runs to that day; what still waits for its
-- first payment goes on waiting, for the customer may try again on the page.
update subscriptions
set provider_id = coalesce(provider_id, @providerId),
    provider_as_of = greatest(provider_as_of, @asOf),
    provider_period_end = greatest(provider_period_end, @periodEnd),
    provider_over = @isOver and status <> 'pending',
    provider_ending = (@isEnding or @isOver) and status <> 'pending',
    cancel_at_period_end = status <> 'pending' and (@isOver
      or case when cancel_at_period_end <> provider_ending then cancel_at_period_end else @isEnding end),
    canceled_at = case
      when status <> 'pending' and (@isOver
        or case when cancel_at_period_end <> provider_ending then cancel_at_period_end else @isEnding end)
      then coalesce(canceled_at, @now) end,
    status = case
      when status = 'canceled' then status
      when @isOver and status = 'past_due' then 'canceled'
      when @isPastDue and status = 'active' then 'past_due'
      when not @isPastDue and not @isOver and status = 'past_due' then 'active'
      else status
    end
where id = @id and not (provider_over and provider_id = @providerId)
  and (@asOf::timestamptz is null or provider_as_of is null or provider_as_of <= @asOf)
