-- The version rises with the change; credit_balance is the flusher's and stays out of it.
update accounts
set status = @status, full_name = @fullName, monthly_budget = @monthlyBudget, low_balance_mark = @lowBalanceMark, version = version + 1
where id = @id;

-- What is spent or left already may be beyond what was changed.
insert into notice_queue (cause, account_id)
select cause, @id from (values ('budget', @budgetChanged), ('mark', @markChanged)) as changed (cause, is_changed)
where is_changed
