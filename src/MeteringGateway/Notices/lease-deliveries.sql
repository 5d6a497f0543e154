with due as (
  select d.notice_id
  from webhook_deliveries d
  join notices n on n.id = d.notice_id
  join webhooks w on w.account_id = n.account_id
  where d.status = 'pending' and d.next_attempt_at <= now()
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
select n.id, n.account_id as AccountId, n.key_id as KeyId, n.type, n.period, n.window_id as WindowId, n.percent, n.threshold, n.spent, n.balance,
       n.occurred_at as OccurredAt, l.attempts, w.url, w.nonce
from leased l
join notices n on n.id = l.notice_id
join webhooks w on w.account_id = n.account_id
