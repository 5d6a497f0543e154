-- Also what has ended of the same account: nobody else tidies up after sessions that were never signed out of.
with ended as (
  delete from sessions
  where hash = @hash
  returning account_id
)
delete from sessions s
using ended e
where s.account_id = e.account_id
  and s.hash <> @hash
  and s.expires_at <= @now
