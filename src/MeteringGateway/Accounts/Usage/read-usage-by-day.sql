select day as At, case when @by_surface then nullif(surface, '') end as Surface, case when @by_key then nullif(key_id, 0) end as KeyId,
       case when @by_provider then nullif(provider, '') end as Provider, sum(calls)::bigint as Calls, sum(credits)::bigint as Credits
from usage_daily
where account_id = @account and day >= @from and day < @to
  and (@surface::text is null or surface = @surface)
  and (@key::bigint is null or key_id = @key)
group by 1, 2, 3, 4
order by 1, 2, 3, 4
limit @most;
