-- The older account keeps the key. Of two gateways that start together the second finds it set.
update accounts
set email_key = @emailKey
where id = @id
  and email_key is null
  and not exists (select 1 from accounts where email_key = @emailKey)
