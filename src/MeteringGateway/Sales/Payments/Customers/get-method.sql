select channel, method_id as MethodId, brand, last4, exp_month as ExpMonth, exp_year as ExpYear, is_default as IsDefault
from payment_methods
where account_id = @accountId and method_id = @methodId
