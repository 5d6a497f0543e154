insert into unsettled_calls (request_id, hold_id, account_id, key_id, price, surface, day, week, month,
  idempotency_hash)
values (@RequestId, @HoldId, @AccountId, @KeyId, @Price, @Surface, @Day, @Week, @Month,
  decode(@IdempotencyHash, 'hex'))
on conflict (request_id) do nothing;
