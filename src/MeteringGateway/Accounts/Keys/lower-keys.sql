-- What a member's live keys have above what the member may give them now is lowered to it; a key without any limit gets it as a lifetime's.
with mine as (
  select id
  from keys
  where account_id = @teamId
    and made_by = @memberId
    and mode = 'live'
    and status = 'active'
    and (num_nonnulls(limit_fixed, limit_daily, limit_weekly, limit_monthly) = 0
         or greatest(limit_fixed, limit_daily, limit_weekly, limit_monthly) > @keyLimit)
  order by id
  for no key update
), lowered as (
  update keys k
  set limit_fixed = case when num_nonnulls(limit_fixed, limit_daily, limit_weekly, limit_monthly) = 0
    or limit_fixed > @keyLimit then @keyLimit else limit_fixed end,
      limit_daily   = case when limit_daily > @keyLimit then @keyLimit else limit_daily end,
      limit_weekly  = case when limit_weekly > @keyLimit then @keyLimit else limit_weekly end,
      limit_monthly = case when limit_monthly > @keyLimit then @keyLimit else limit_monthly end,
      version = version + 1
  from mine
  where k.id = mine.id
  returning k.id, k.account_id, k.version
), noticed as (
  insert into notice_queue (cause, account_id, key_id)
  select 'key', account_id, id from lowered
)
select id, account_id as AccountId, version from lowered
