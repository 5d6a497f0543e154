select count(*)
from notices n
left join webhook_deliveries d on d.notice_id = n.id
where (@accountId::bigint is null or n.account_id = @accountId)
  and (@type::text is null or n.type = @type)
  and (not @onlyDead or d.status = 'dead');

select n.id, n.account_id as AccountId, n.key_id as KeyId, n.type, n.period, n.window_id as WindowId, n.percent, n.threshold, n.spent,
  n.balance, n.reason,
       n.occurred_at as OccurredAt, d.status as DeliveryStatus, d.attempts, d.last_error as LastError, d.next_attempt_at as NextAttemptAt
from notices n
left join webhook_deliveries d on d.notice_id = n.id
where (@accountId::bigint is null or n.account_id = @accountId)
  and (@type::text is null or n.type = @type)
  and (not @onlyDead or d.status = 'dead')
order by n.id desc
limit @limit offset @offset
