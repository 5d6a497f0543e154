select date_trunc(@step, hour, 'UTC') as At, case when @by_surface then nullif(surface, '') end as Surface, null::bigint as KeyId,
       case when @by_provider then nullif(provider, '') end as Provider, sum(calls)::bigint as Calls, sum(credits)::bigint as Credits
from surface_usage_hourly
where hour >= @from and hour < @to
  and (@surface::text is null or surface = @surface)
group by 1, 2, 4
order by 1, 2, 4
limit @most;
