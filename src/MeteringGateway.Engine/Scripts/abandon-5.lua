#!lua flags=allow-oom
-- Gives a call up whose commit could not be settled: its hold goes back, and no send of its commit takes effect from here on.
-- KEYS    1 meta  2 account  3 key  4 holds  5 marker of the entry id
-- ARGV    1 epoch  2 highest gen seen  3 reservation id
-- ANSWERS 1 Released  2 Gone  -1 Fenced  -2 NotLoaded
--         Gone: there was no hold, so a commit may have taken effect; the ledger knows.
-- KEEPS   held = the sum of the holds; the marker outlives any send of a commit that is still under way.
-- include guard.lua
-- include windows.lua
-- include state.lua
-- include hold.lua
local ok, gen, now = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local packed = redis.call('HGET', KEYS[4], ARGV[3])
local s = packed and state(ARGV[1], KEYS[2], KEYS[3], windows(now))
if packed and (not s or not s.key[1]) then return {-2, gen} end
local _, _, amount, day, week, month
if packed then
  _, _, amount, day, week, month = hold(packed)
  if not amount then return redis.error_reply('the hold is malformed') end
end

redis.call('SET', KEYS[5], '1', 'EX', 3600)
if not packed then return {2, redis.call('HINCRBY', KEYS[1], 'gen', 1)} end
turn(KEYS[2], KEYS[3], s)
redis.call('HDEL', KEYS[4], ARGV[3])
redis.call('HINCRBY', KEYS[2], 'held', '-' .. amount)
move(KEYS[2], KEYS[3], s, {0, tonumber(day), tonumber(week), tonumber(month)}, 'h', -tonumber(amount))
return {1, redis.call('HINCRBY', KEYS[1], 'gen', 1)}
