delete from payment_methods
where account_id = @accountId and channel = @channel and method_id = @methodId;

update payment_methods
set is_default = true
where account_id = @accountId
  and not exists (select from payment_methods where account_id = @accountId and is_default)
  and (channel, method_id) = (
    select channel, method_id
    from payment_methods
    where account_id = @accountId
    order by created_at desc, method_id
    limit 1)
