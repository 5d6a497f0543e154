insert into passwords (account_id, hash)
values (@accountId, @hash)
on conflict (account_id) do nothing
