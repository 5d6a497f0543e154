-- Once a person and month: not again in the month, nor beside one that the person has in another wallet.
insert into free_plans (person_id, plan_id, until)
select @personId, @planId, (@now at time zone 'utc' + make_interval(months => 1)) at time zone 'utc'
where not exists (select from subscriptions s
  where coalesce(s.person_id, s.account_id) = @personId and s.plan_id = @planId and s.status = 'active')
on conflict (person_id, plan_id) do update
set until = excluded.until
where free_plans.until <= @now
returning person_id
