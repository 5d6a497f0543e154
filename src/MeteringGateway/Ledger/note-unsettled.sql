insert into unsettled_calls (request_id, account_id, key_id, price, surface, day, week, month)
values (@RequestId, @AccountId, @KeyId, @Price, @Surface, @Day, @Week, @Month)
on conflict (request_id) do nothing;
