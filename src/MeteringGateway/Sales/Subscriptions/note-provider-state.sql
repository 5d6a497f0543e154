-- As the provider has it. What it said before something that is known already changes nothing. A wish to end it that the provider has not
-- heard of yet stays. What is over and paid to a later day runs to that day; what waits for a payment ends.
update subscriptions
set provider_id = coalesce(provider_id, @providerId),
    provider_as_of = greatest(provider_as_of, @asOf),
    provider_period_end = greatest(provider_period_end, @periodEnd),
    provider_ending = @isEnding or @isOver,
    cancel_at_period_end = @isEnding or @isOver or (cancel_at_period_end and not provider_ending),
    canceled_at = case when @isEnding or @isOver or (cancel_at_period_end and not provider_ending) then coalesce(canceled_at, @now) end,
    status = case
      when status = 'canceled' then status
      when @isOver and (status in ('past_due', 'pending')) then 'canceled'
      when @isPastDue and status = 'active' then 'past_due'
      when not @isPastDue and not @isOver and status = 'past_due' then 'active'
      else status
    end
where id = @id and (@asOf::timestamptz is null or provider_as_of is null or provider_as_of <= @asOf)
