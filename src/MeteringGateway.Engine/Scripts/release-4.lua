#!lua flags=allow-oom
-- Release: gives a hold back. The call that made the hold may at any time, expiry only past the hold's deadline.
-- KEYS    1 meta  2 account  3 key  4 holds
-- ARGV    1 epoch  2 high-water mark of gen  3 hold id  4 '1' for expiry: only past the deadline
-- ANSWERS 1 Released  2 Resolved  3 NotExpired  -1 Fenced  -2 NotLoaded
-- KEEPS   held = the sum of the holds, on the account, on the key and in each window of the reservation.
-- include guard.lua
-- include windows.lua
-- include state.lua
-- include hold.lua
local ok, gen, now = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local packed = redis.call('HGET', KEYS[4], ARGV[3])
if not packed then return {2, gen} end
local _, _, amount, day, week, month, deadline = hold(packed)
if not amount then return redis.error_reply('the hold is malformed') end
if ARGV[4] == '1' and now < tonumber(deadline) then return {3, gen} end
local s = state(ARGV[1], KEYS[2], KEYS[3], windows(now))
if not s or not s.key[1] then return {-2, gen} end

roll_windows(KEYS[2], KEYS[3], s)
redis.call('HDEL', KEYS[4], ARGV[3])
redis.call('HINCRBY', KEYS[2], 'held', '-' .. amount)
move(KEYS[2], KEYS[3], s, {0, tonumber(day), tonumber(week), tonumber(month)}, 'h', -tonumber(amount))
return {1, redis.call('HINCRBY', KEYS[1], 'gen', 1)}
