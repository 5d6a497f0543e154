select request_id as RequestId, account_id as AccountId, key_id as KeyId, price as Price, surface as Surface
from unsettled_calls
where outcome is null
order by request_id
limit @limit;
