-- A few of each account: one receiver that hangs must not hold up those of all the others.
with candidates as (
  select d.notice_id, row_number() over (partition by n.account_id order by d.next_attempt_at, d.notice_id) as nth
  from webhook_deliveries d
  join notices n on n.id = d.notice_id
  join webhooks w on w.account_id = n.account_id
  where d.status = 'pending' and d.next_attempt_at <= now()
),
due as (
  select d.notice_id
  from webhook_deliveries d
  join candidates c on c.notice_id = d.notice_id
  where c.nth <= @perAccount and d.status = 'pending' and d.next_attempt_at <= now()
  order by d.next_attempt_at
  limit @limit
  for update of d skip locked
),
leased as (
  update webhook_deliveries d
  set attempts = d.attempts + 1, next_attempt_at = now() + make_interval(secs => @leaseSeconds)
  from due
  where d.notice_id = due.notice_id
  returning d.notice_id, d.attempts
)
select n.id, n.account_id as AccountId, n.key_id as KeyId, n.type, n.period, n.window_id as WindowId, n.percent, n.threshold, n.spent,
       n.balance, n.reason, n.occurred_at as OccurredAt, l.attempts, w.url, w.nonce
from leased l
join notices n on n.id = l.notice_id
join webhooks w on w.account_id = n.account_id
