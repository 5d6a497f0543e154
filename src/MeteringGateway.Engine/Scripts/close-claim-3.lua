#!lua flags=allow-oom
-- Ends a claim: the call is done, or the key is free.
-- KEYS    1 record  2 the account's claims under way, by their end (ms)  3 its claims that are done, by their end (ms)
-- ARGV    1 the record as the claim made it  2 the record in its place, '' for none  3 its life (s)  4 most claims of the account that
--         are done: beyond it the oldest are forgotten
-- ANSWERS 1 Closed  2 Gone
-- KEEPS   a record of another request, which came when the claim had run out. The names in 3 are of records that this script wrote and
--         that are there still: what has ended leaves first, so that no other call's record is forgotten in its place.
--         A tombstone, x|fingerprint|request id|, is written without a claim too: the claim may be on its way.
local record = redis.pcall('GET', KEYS[1])
local kind = string.sub(ARGV[2], 1, 1)
if record == ARGV[2] and record ~= '' then return 1 end
if record ~= ARGV[1] and (record or kind ~= 'x') then return 2 end
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
if kind == 'c' then redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now) end
redis.call('ZREM', KEYS[2], KEYS[1])
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
  return 1
end
local life = tonumber(ARGV[3]) * 1000
redis.call('SET', KEYS[1], ARGV[2], 'PX', life)
if kind ~= 'c' then return 1 end
redis.call('ZADD', KEYS[3], now + life, KEYS[1])
redis.call('PEXPIRE', KEYS[3], life)
local over = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[4])
if over > 0 then
  local oldest = redis.call('ZPOPMIN', KEYS[3], over)
  for i = 1, #oldest, 2 do redis.call('DEL', oldest[i]) end
end
return 1
