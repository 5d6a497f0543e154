insert into accounts (email, full_name, kind, monthly_budget)
values (@email, @fullName, @kind, @monthlyBudget)
on conflict (lower(email)) do nothing
returning id
