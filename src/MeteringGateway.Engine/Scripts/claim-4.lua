#!lua
-- Claims an idempotency key for a call that holds nothing.
-- KEYS    1 record  2 the account's claims under way, by their end (ms): a sorted set of the names of records  3 its claims that are done
--         4 holds
-- ARGV    1 the record as this call makes it  2 its life while the call is under way (ms)  3 most claims of the account under way
-- ANSWERS 1 Claimed  2 Taken, then the record that is there  3 TooMany
-- KEEPS   a record of another request that binds: that of a hold which is there, of a claim, of a call that is done. A second delivery
--         finds its own record and claims it again; one that comes after its call has ended finds what the end has left.
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local record = redis.pcall('GET', KEYS[1])
if type(record) == 'string' and record ~= ARGV[1] then
  local kind, request_id, hold = string.match(record, '^(%a)|[^|]*|([^|]*)|([^|]*)')
  local mine = string.match(ARGV[1], '^%a|[^|]*|([^|]*)|')
  if kind == 'c' or kind == 'h' and (hold == '' or redis.call('HEXISTS', KEYS[4], hold) == 1) or kind == 'x' and request_id == mine then
    return {2, record}
  end
end
if redis.call('ZCOUNT', KEYS[2], string.format('(%.0f', now), '+inf') >= tonumber(ARGV[3])
  and not redis.call('ZSCORE', KEYS[2], KEYS[1]) then return {3} end
redis.call('ZREM', KEYS[3], KEYS[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), KEYS[1])
redis.call('PEXPIRE', KEYS[2], 86400000)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return {1}
