-- Flushes of the partition take turns with this: a charge that was not there when the books were asked may be on its way, out of a Redis
-- that had been left for another. Written before this, it is found here and the call stays on the list; after this, its flush puts the call back on it.
select pg_advisory_xact_lock(28008, @partition);

update unsettled_calls set outcome = @outcome, settled_at = now()
where request_id = @requestId and outcome is null
  and (@outcome <> 'free' or not exists (select from ledger_entries where entry_id = @requestId));
