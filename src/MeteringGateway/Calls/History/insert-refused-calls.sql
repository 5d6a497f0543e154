-- The first word about a call stays, but for that of a hold which expired: the gateway that refused the call knows more. A call is in a
-- batch once.
insert into refused_calls (request_id, account_id, surface, provider, code, credits_held, attempts, at)
select request_id, account_id, surface, provider, code, credits_held, attempts, at
from unnest(@requestIds, @accountIds, @surfaces, @providers, @codes, @held, @attempts, @at)
  as c (request_id, account_id, surface, provider, code, credits_held, attempts, at)
on conflict (request_id) do update
set surface = excluded.surface, provider = excluded.provider, code = excluded.code, credits_held = excluded.credits_held,
    attempts = excluded.attempts, at = excluded.at
where refused_calls.code = 'expired';
