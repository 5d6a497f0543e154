-- What is refused below is taken back to here, and the transaction goes on.
savepoint before_entries;

-- The time of the statement, not of the transaction: a transaction that waited for the partition's lock began before the entries that
-- precede its own.
insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description,
  metadata, occurred_at, recorded_at, attempts, credits_held, idempotency_hash,
  idempotency_fingerprint)
select entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description, metadata::jsonb,
  occurred_at, statement_timestamp(), attempts, credits_held, idempotency_hash, idempotency_fingerprint
from unnest(@entry_ids, @account_ids, @seqs, @deltas, @balances, @types, @key_ids, @surfaces, @providers, @descriptions, @metadata,
  @occurred, @attempts, @held, @idempotency, @fingerprints)
  as e (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description, metadata, occurred_at,
    attempts, credits_held, idempotency_hash, idempotency_fingerprint);

-- Each row once, added up and in the order of keys by the flusher. A key that PostgreSQL does not know is left out: its charge stands,
-- but limits nothing.
insert into key_spend (key_id, period, window_id, spent)
select c.key_id, c.period, c.window_id, c.spent
from unnest(@spend_keys, @spend_periods, @spend_windows, @spend_credits) as c (key_id, period, window_id, spent)
where exists (select from keys where id = c.key_id)
on conflict (key_id, period, window_id) do update set spent = key_spend.spent + excluded.spent;

insert into account_spend (account_id, period, window_id, spent)
select c.account_id, 'MONTHLY', c.month, c.spent
from unnest(@month_accounts, @months, @month_credits) as c (account_id, month, spent)
on conflict (account_id, period, window_id) do update set spent = account_spend.spent + excluded.spent;

update accounts a set credit_balance = h.balance, seq = h.seq
from unnest(@head_accounts, @head_seqs, @head_balances) as h (id, seq, balance)
where a.id = h.id;

-- A disputed commit that was found free, and whose charge comes after all, out of a Redis that had been left for another:
-- the dispute is open again.
update unsettled_calls set outcome = null, settled_at = null
where request_id = any(@entry_ids) and outcome = 'free';

-- For the watcher of thresholds, in this transaction: every entry for which a threshold is set has been looked at, or will be. A limit that
-- this statement can't see yet has a row of its own in the queue, at which the watcher looks when this transaction has ended, in the
-- windows of then: a limit that is set when a window has just ended is not compared with that window.
insert into notice_queue (cause, account_id, key_id, day, week, month, first_seq, last_seq)
select 'entries', q.account_id, q.key_id, q.day, q.week, q.month, q.first_seq, q.last_seq
from unnest(@notice_accounts, @notice_keys, @notice_days, @notice_weeks, @notice_months, @notice_first, @notice_last)
  as q (account_id, key_id, day, week, month, first_seq, last_seq)
where exists (select from accounts where id = q.account_id and (monthly_budget > 0 or low_balance_mark is not null))
  or exists (select from keys where id = q.key_id and greatest(limit_fixed, limit_daily, limit_weekly, limit_monthly) > 0);
