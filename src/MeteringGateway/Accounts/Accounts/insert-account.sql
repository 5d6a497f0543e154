insert into accounts (email, email_key, full_name, kind, monthly_budget)
values (@email, @emailKey, @fullName, @kind, @monthlyBudget)
on conflict do nothing
returning id
