-- The version rises with the change; credit_balance is the flusher's and stays out of it.
update accounts
set status = @status, full_name = @fullName, monthly_budget = @monthlyBudget, version = version + 1
where id = @id
