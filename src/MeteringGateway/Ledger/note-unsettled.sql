insert into unsettled_calls (request_id, account_id, key_id, price, surface)
values (@RequestId, @AccountId, @KeyId, @Price, @Surface)
on conflict (request_id) do nothing;
