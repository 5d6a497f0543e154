#!lua flags=allow-oom
-- Tombstone of a disputed commit: releases the hold and makes every later delivery of this commit a no-op.
-- KEYS    1 meta  2 account  3 key  4 holds  5 idempotency key of the entry id (the tombstone)  6 idempotency record
-- ARGV    1 epoch  2 high-water mark of gen  3 hold id  4 request id
-- ANSWERS 1 Released  2 Gone  -1 Fenced  -2 NotLoaded
--         Gone: there was no hold, so a delivery of the commit may have taken effect; the ledger knows.
-- KEEPS   held = the sum of the holds; the tombstone's TTL (1 h) exceeds the life of any connection, so it outlives every delivery.
--         The idempotency record of a call that can't be charged any more binds nobody.
-- include guard.lua
-- include windows.lua
-- include state.lua
-- include hold.lua
-- include record.lua
local ok, gen, now, m = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local packed = redis.call('HGET', KEYS[4], ARGV[3])
local a = packed and account_of(read(KEYS[2]), tonumber(ARGV[1]))
local k = packed and key_of(read(KEYS[3]), tonumber(ARGV[1]))
if packed and not (a and k) then return {-2, gen} end
local _, _, amount, day, week, month
if packed then
  _, _, amount, day, week, month = hold(packed)
  if not amount then return redis.error_reply('the hold is malformed') end
end

redis.call('SET', KEYS[5], '1', 'EX', 3600)
if not packed then return {2, written(KEYS[1], m)} end
roll_windows(a, k, windows(now))
redis.call('HDEL', KEYS[4], ARGV[3])
free_record(KEYS[6], ARGV[4])
a[A_HELD] = a[A_HELD] - tonumber(amount)
move(a, k, tonumber(day), tonumber(week), tonumber(month), HELD, -tonumber(amount))
write_account(KEYS[2], a)
write_key(KEYS[3], k)
return {1, written(KEYS[1], m)}
