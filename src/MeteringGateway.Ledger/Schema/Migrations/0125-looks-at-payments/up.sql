-- What every gateway counts twice a minute must not walk through all that was ever paid and told.

create index payment_events_of_channel on payment_events (channel, received_at desc);
create index orders_paid on orders (channel, paid_at) where paid_at is not null;
create index auto_recharge_stopped on auto_recharge (account_id) where stopped_at is not null;
