select hour as At, case when @by_surface then nullif(surface, '') end as Surface,
       case when @by_key then nullif(key_id, 0) end as KeyId, code as Code, sum(calls)::bigint as Calls
from refusals_hourly
where account_id = @account and hour >= @from and hour < @to
  and (@surface::text is null or surface = @surface)
  and (@key::bigint is null or key_id = @key)
group by 1, 2, 3, 4
order by 1, 2, 3, 4
limit @most;
