-- The end of a disputed commit. Takes turns with the flushes of the partition: a charge that the ledger did not have when it was asked may
-- be on its way, out of a Redis that had been left for another. A charge that is written before this update is found here, and the dispute
-- stays open; a charge that is written after it has its flush open the dispute again (write-entries.sql).
-- Locks and bounds are those of lock-partition.sql: a gateway that is frozen in here must not keep the flushes of all others waiting.
select set_config('idle_in_transaction_session_timeout', '3000', true), set_config('lock_timeout', '10000', true);
select pg_advisory_xact_lock(28008, @partition);

update unsettled_calls set outcome = @outcome, settled_at = now()
where request_id = @requestId and outcome is null
  and (@outcome <> 'free' or not exists (select from ledger_entries where entry_id = @requestId));
