-- Compares every account with the end of its chain; a full join, so that entries of no account are seen as well.
with ends as (
  select distinct on (account_id) account_id, seq, balance_after
  from ledger_entries
  order by account_id, seq desc
), compared as (
  select coalesce(a.id, e.account_id) as account_id, a.id is null as is_missing,
         coalesce(a.credit_balance, 0) as credit_balance, coalesce(e.balance_after, 0) as balance_after,
         coalesce(a.seq, 0) as account_seq, coalesce(e.seq, 0) as last_seq
  from accounts a full join ends e on e.account_id = a.id
)
select account_id, is_missing, credit_balance, balance_after, account_seq, last_seq,
       count(*) over (), least(sum(abs(credit_balance::numeric - balance_after)) over (), 9223372036854775807)::bigint
from compared
where is_missing or credit_balance <> balance_after or account_seq <> last_seq
order by account_id
limit @limit;
