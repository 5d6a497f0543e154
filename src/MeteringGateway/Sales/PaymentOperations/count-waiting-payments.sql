-- Each has an index of what is open, so that what was ever paid is not walked through.
select (select count(*) from orders where status = 'paid') as Unfulfilled,
       (select min(paid_at) from orders where status = 'paid') as UnfulfilledSince,
       (select count(*) from payment_events where needs_person and resolved_at is null) as EventsOpen,
       (select coalesce(sum(open), 0)::bigint from debts where open > 0) as DebtCredits,
       (select count(*) from auto_recharge where stopped_at is not null) as RechargesStopped,
       (select count(*) from reversal_movements where status = 'pending') as Reversals,
       (select min(created_at) from reversal_movements where status = 'pending') as ReversalsSince
