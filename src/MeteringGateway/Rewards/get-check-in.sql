-- Today as PostgreSQL has it, and the account's check-in on it if there was one.
select t.day, c.streak, r.credits, r.balance_after as BalanceAfter, (t.day + 1)::timestamp at time zone 'utc' as NextAt,
       (select enabled from checkin_config) as Enabled
from (select (now() at time zone 'utc')::date as day) t
left join check_ins c on c.account_id = @accountId and c.day = t.day
left join rewards r on r.entry_id = c.entry_id
