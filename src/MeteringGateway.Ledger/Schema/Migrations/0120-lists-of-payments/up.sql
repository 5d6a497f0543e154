-- For what operators look at. Apart from the columns, so that nobody waits for these while tables are locked for those.

create index payment_events_recent on payment_events (received_at desc);
create index orders_by_status on orders (status, id desc);
