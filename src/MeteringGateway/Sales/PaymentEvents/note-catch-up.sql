-- Of two gateways that read at once the later moment counts.
insert into payment_catch_ups (channel, seen_until)
values (@channel, @now)
on conflict (channel) do update
set seen_until = greatest(payment_catch_ups.seen_until, excluded.seen_until)
