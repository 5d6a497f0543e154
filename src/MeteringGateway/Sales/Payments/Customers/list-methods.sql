select channel, method_id as MethodId, brand, last4, exp_month as ExpMonth, exp_year as ExpYear, is_default as IsDefault
from payment_methods
where account_id = @accountId
order by is_default desc, created_at desc, method_id
