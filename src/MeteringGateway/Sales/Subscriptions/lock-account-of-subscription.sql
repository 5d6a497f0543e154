-- The account before the subscription, as whatever takes both does.
select id from accounts where id = (select account_id from subscriptions where id = @id) for no key update
