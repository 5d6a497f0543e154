select surface as Surface, provider as Provider, -credits_delta as Credits, credits_held as Held, attempts as Attempts,
       occurred_at as OccurredAt, exists (select from ledger_entries where entry_id = 'reversal:' || @requestId) as IsReversed
from ledger_entries
where entry_id = @requestId and account_id = @accountId and entry_type = 'usage';
