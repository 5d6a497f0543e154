-- Waits for a transaction that is inserting the same reference, and then inserts nothing.
insert into manual_credits (account_id, amount, type, description, reference)
values (@accountId, @amount, @type, @description, @reference)
on conflict (reference) do nothing
returning id, account_id as AccountId, amount, type, description, reference, status, attempt, balance_after as BalanceAfter,
  created_at as CreatedAt
