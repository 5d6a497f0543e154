-- Before the order is touched, for a renewal locks the subscription and then meets the order; and the account before
-- the subscription, for two payments of one account end each other's subscriptions.
select id from accounts where id = (select account_id from orders where id = @id and subscription_id is not null) for no key update;
select id from subscriptions where id = (select subscription_id from orders where id = @id) for no key update;
