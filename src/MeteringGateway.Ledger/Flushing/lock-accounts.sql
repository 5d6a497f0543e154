-- In id order, as every statement that locks more than one account. "no key update" lets keys be added to the accounts meanwhile.
select id, seq, credit_balance from accounts where id = any(@account_ids) order by id for no key update;
