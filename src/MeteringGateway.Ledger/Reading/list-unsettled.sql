select request_id as RequestId, coalesce(hold_id, request_id) as HoldId, account_id as AccountId, key_id as KeyId, price as Price,
       surface as Surface, day as Day, week as Week, month as Month,
       encode(idempotency_hash, 'hex') as IdempotencyHash
from unsettled_calls
where outcome is null and request_id > @after
order by request_id
limit @limit;
