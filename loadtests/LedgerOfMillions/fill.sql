-- Fills an empty, migrated database with a ledger of millions of entries that `ledger verify` would pass, and with what operators list
-- beside it. For measuring pages and reports:
--   psql -v entries=5000000 -v active=2000 -v accounts=100000 -f fill.sql …
-- Each active account begins with a purchase, then spends, and buys again with every hundredth entry; the first of them has a tenth of all
-- entries. Entries of all accounts lie mixed, in the order of their time, as flushes write them: over the last 90 days.
\set ON_ERROR_STOP on
set synchronous_commit = off;
set work_mem = '256MB';

begin;

insert into accounts (email, full_name, kind, email_key, created_at)
select format('u%s@%s.example.com', n, substr(md5(n::text), 1, 6)), 'Account ' || n, case when n % 10 = 0 then 'team' else 'personal' end,
       format('u%s@%s.example.com', n, substr(md5(n::text), 1, 6)), now() - interval '91 days'
from generate_series(1, :accounts) n;

insert into keys (account_id, name, prefix, mode, limit_daily)
select a, 'key ' || k,
  'mg_live_' || substr(translate(encode(sha256(format('%s/%s', a, k)::bytea), 'base64'), '+/=', 'xyz'), 1, 6), 'live', 100000
from generate_series(1, :accounts) a, generate_series(1, 5) k
where a <= :active or k = 1;

create temporary table shares as
select n as account_id, case when n = 1 then :entries / 10 else (:entries - :entries / 10) / (:active - 1) end as entries
from generate_series(1, :active) n;

insert into ledger_entries (entry_id, account_id, seq, credits_delta, balance_after, entry_type, key_id, surface, provider, description,
  attempts, credits_held, occurred_at, recorded_at)
select case when e.delta > 0 then 'order:' || e.account_id || '-' || e.seq else md5(format('%s/%s', e.account_id, e.seq)) end,
       e.account_id, e.seq, e.delta, sum(e.delta) over (partition by e.account_id order by e.seq),
       case when e.delta > 0 then 'purchase' else 'usage' end, case when e.delta < 0 then k.first_key + e.seq % 5 end,
       case when e.delta < 0 then (array['search', 'chat', 'ads', 'images'])[1 + e.seq % 4] end,
       case when e.delta < 0 then (array['alpha', 'beta'])[1 + e.seq % 2] end,
       case when e.delta > 0 then 'Package Starter' else 'Web search' end, case when e.delta < 0 then 'alpha=200;31' end,
       case when e.delta < 0 then 10 end, e.at, e.at + interval '300 milliseconds'
from (
  select s.account_id, n as seq, case when n = 1 then 100000 when n % 100 = 0 then 400 else -(1 + n % 5) end as delta,
         now() - interval '90 days' * (1 - n::float8 / (s.entries + 1)) + s.account_id * interval '1 millisecond' as at
  from shares s, generate_series(1, s.entries) n
) e
join (select account_id, min(id) as first_key from keys group by account_id) k on k.account_id = e.account_id
order by e.at;

update accounts a
set seq = last.seq, credit_balance = last.balance
from (select distinct on (account_id) account_id, seq, balance_after as balance from ledger_entries order by account_id, seq desc) last
where a.id = last.account_id;

insert into key_spend (key_id, period, window_id, spent)
select key_id, 'FIXED', 0, sum(-credits_delta) from ledger_entries where key_id is not null group by key_id;

insert into orders (account_id, kind, status, credits, price_cents, currency, description, channel, payment_id, retry_at, created_at, paid_at,
  settled_at)
select 1 + n % :active, 'package', (array['fulfilled', 'fulfilled', 'fulfilled', 'declined', 'canceled'])[1 + n % 5], 400, 4000, 'usd',
       'Package Starter', (array['stripe', 'creem'])[1 + n % 2], 'pay_' || n, now(), now() - n * interval '10 minutes',
       case when n % 5 < 3 then now() - n * interval '10 minutes' end, now() - n * interval '10 minutes'
from generate_series(1, :entries / 50) n;

insert into payment_events (channel, event_id, kind, payment_id, outcome, received_at, needs_person)
select (array['stripe', 'creem'])[1 + n % 2], 'evt_' || n, 'charge.succeeded', 'pay_' || n, 'applied', now() - n * interval '10 minutes',
       n % 5000 = 0
from generate_series(1, :entries / 50) n;

insert into audit (actor, action, target, after, occurred_at)
select 'operator', 'key.changed', 'key:' || n, '{"name": "key"}', now() - (:entries / 50 - n) * interval '1 minute'
from generate_series(1, :entries / 50) n;

insert into notices (account_id, type, window_id, percent, threshold, balance, occurred_at)
select 1 + n % :active, 'low_balance', n, 100, 100, 99, now() - (:entries / 100 - n) * interval '1 minute'
from generate_series(1, :entries / 100) n;

insert into webhook_deliveries (notice_id, status)
select id, case when id % 1000 = 0 then 'dead' else 'delivered' end from notices;

insert into refused_calls (request_id, account_id, surface, code, credits_held, at)
select md5('refused/' || n), 1 + n % :active, 'search', 'key_limit_exceeded', 0, now() - (:entries / 20 - n) * interval '1 second'
from generate_series(1, :entries / 20) n;

commit;
vacuum analyze;
