select request_id as RequestId, account_id as AccountId, surface as Surface, provider as Provider, code as Code,
       credits_held as CreditsHeld, attempts as Attempts, at as At
from refused_calls
where request_id = @requestId and account_id = @accountId
