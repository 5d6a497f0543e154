select u.account_id as AccountId, a.email as Email, a.full_name as FullName, u.calls as Calls, u.credits as Credits
from (
  select account_id, sum(calls)::bigint as calls, sum(credits)::bigint as credits
  from account_usage_daily
  where day >= @from and day < @to
  group by account_id
  order by 3 desc, 1
  limit @most
) u
join accounts a on a.id = u.account_id
order by u.credits desc, u.account_id;
