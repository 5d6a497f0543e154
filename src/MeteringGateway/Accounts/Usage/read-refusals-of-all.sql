select date_trunc(@step, hour, 'UTC') as At, case when @by_surface then nullif(surface, '') end as Surface, null::bigint as KeyId,
       code as Code, sum(calls)::bigint as Calls
from surface_refusals_hourly
where hour >= @from and hour < @to
  and (@surface::text is null or surface = @surface)
group by 1, 2, 4
order by 1, 2, 4
limit @most;
