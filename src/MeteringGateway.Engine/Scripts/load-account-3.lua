#!lua flags=allow-oom
-- Loads an account into Redis, from what the ledger says of the account. The caller has flushed the outbox before reading the ledger.
-- KEYS    1 meta  2 account  3 holds
-- ARGV    1 epoch  2 high-water mark of gen  3 account id  4 balance (credits)  5 status  6 version of the row
--         7 monthly budget or -1  8 month of the spend  9 credits spent in it
-- ANSWERS 1 Loaded  2 AlreadyLoaded  3 OtherFormat  -1 Fenced
-- KEEPS   held = the sum of the account's holds that are left; what is known of an older epoch is replaced.
-- include guard.lua
-- include hold.lua
local ok, gen = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
if redis.pcall('HGET', KEYS[2], 'ep') == ARGV[1] then return {2, gen} end
-- One pass over the holds of the partition: there are as many as calls in flight.
local held, month, month_held, spent = 0, tonumber(ARGV[8]), 0, ARGV[9]
for _, packed in ipairs(redis.call('HVALS', KEYS[3])) do
  if of_another_format(packed) then return {3, gen} end
  local account, _, amount, _, _, m = hold(packed)
  if account == ARGV[3] then
    held = held + tonumber(amount)
    if tonumber(m) > month then month, month_held, spent = tonumber(m), 0, '0' end
    if tonumber(m) == month then month_held = month_held + tonumber(amount) end
  end
end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], 'ep', ARGV[1], 'balance', ARGV[4], 'held', string.format('%.0f', held), 'status', ARGV[5], 'ver', ARGV[6],
  'lM', ARGV[7], 'wM', string.format('%.0f', month), 'sM', spent, 'hM', string.format('%.0f', month_held))
return {1, redis.call('HINCRBY', KEYS[1], 'gen', 1)}
