-- Today as PostgreSQL has it, and the check-in on it, of the person or for the wallet, if there was one.
select t.day, c.streak, r.credits, r.balance_after as BalanceAfter, (t.day + 1)::timestamp at time zone 'utc' as NextAt,
       (select enabled from checkin_config) as Enabled
from (select (now() at time zone 'utc')::date as day) t
left join lateral (
  select streak, entry_id
  from check_ins
  where day = t.day
    and (person_id = @personId or account_id = @accountId)
  order by person_id = @personId desc
  limit 1
) c on true
left join rewards r on r.entry_id = c.entry_id
