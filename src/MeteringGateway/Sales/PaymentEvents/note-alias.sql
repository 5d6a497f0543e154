insert into payment_aliases (channel, alias, payment_id)
values (@channel, @alias, @payment)
on conflict do nothing
