-- Whether it takes the place of another: xmax of the row is 0 where it was inserted, and the upsert's own lock where it was there.
insert into passwords (account_id, hash)
values (@accountId, @hash)
on conflict (account_id) do update set hash = excluded.hash, changed_at = now()
returning xmax <> 0
