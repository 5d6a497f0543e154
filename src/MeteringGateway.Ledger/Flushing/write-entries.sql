-- The time of the statement, not of the transaction: a transaction that waited for the partition's lock began before the entries that
-- precede its own.
insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description,
  metadata, occurred_at, recorded_at, attempts, credits_held, idempotency_hash)
select entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description, metadata::jsonb,
  occurred_at, statement_timestamp(), attempts, credits_held, idempotency_hash
from unnest(@entry_ids, @account_ids, @seqs, @deltas, @balances, @types, @key_ids, @surfaces, @providers, @descriptions, @metadata,
  @occurred, @attempts, @held, @idempotency)
  as e (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description, metadata, occurred_at,
    attempts, credits_held, idempotency_hash);

-- Four windows for each charge. The join leaves out a key that PostgreSQL does not know: its charge stands, but limits nothing.
insert into key_spend (key_id, period, window_id, spent)
select c.key_id, w.period, w.window_id, (-sum(c.credits_delta))::bigint
from unnest(@key_ids, @deltas, @days, @weeks, @months) as c (key_id, credits_delta, day, week, month)
join keys k on k.id = c.key_id
cross join lateral (values ('FIXED', 0::bigint), ('DAILY', c.day), ('WEEKLY', c.week), ('MONTHLY', c.month)) as w (period, window_id)
where c.day is not null
group by c.key_id, w.period, w.window_id
order by c.key_id, w.period, w.window_id
on conflict (key_id, period, window_id) do update set spent = key_spend.spent + excluded.spent;

insert into account_spend (account_id, period, window_id, spent)
select c.account_id, 'MONTHLY', c.month, (-sum(c.credits_delta))::bigint
from unnest(@account_ids, @deltas, @months) as c (account_id, credits_delta, month)
where c.month is not null
group by c.account_id, c.month
order by c.account_id, c.month
on conflict (account_id, period, window_id) do update set spent = account_spend.spent + excluded.spent;

update accounts a set credit_balance = h.balance, seq = h.seq
from unnest(@head_accounts, @head_seqs, @head_balances) as h (id, seq, balance)
where a.id = h.id;

-- A disputed commit that was found free, and whose charge comes after all, out of a Redis that had been left for another:
-- the dispute is open again.
update unsettled_calls set outcome = null, settled_at = null
where request_id = any(@entry_ids) and outcome = 'free';

-- For the watcher of thresholds, in this transaction: every entry of the ledger has been looked at, or will be.
insert into notice_queue (cause, account_id, key_id, day, week, month, first_seq, last_seq)
select 'entries', q.account_id, q.key_id, q.day, q.week, q.month, min(q.seq), max(q.seq)
from unnest(@account_ids, @key_ids, @days, @weeks, @months, @seqs) as q (account_id, key_id, day, week, month, seq)
group by q.account_id, q.key_id, q.day, q.week, q.month;
