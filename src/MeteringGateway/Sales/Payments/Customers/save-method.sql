-- The first method of an account is its default.
insert into payment_methods (account_id, channel, method_id, brand, last4, exp_month, exp_year, is_default)
values (@accountId, @channel, @methodId, @brand, @last4, @expMonth, @expYear,
  not exists (select from payment_methods where account_id = @accountId and is_default))
on conflict (account_id, channel, method_id) do update
set brand = excluded.brand, last4 = excluded.last4, exp_month = excluded.exp_month, exp_year = excluded.exp_year
