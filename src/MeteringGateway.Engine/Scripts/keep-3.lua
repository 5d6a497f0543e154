#!lua
-- Keeps the answer of a call with an idempotency key, for a repeat of the call. What has ended leaves the sum first, a hundred at a time.
-- KEYS    1 answer  2 the answers that are kept, by their end (s): a sorted set  3 bytes of each, and their sum under '': a hash
-- ARGV    1 request id  2 answer  3 its name in 2 and 3  4 its life (s)  5 most bytes of all answers
-- ANSWERS 1 Kept  2 Full
-- KEEPS   sum = the bytes of the answers in 2, at most what is allowed; an answer replaces that of another request under its name.
local now = tonumber(redis.call('TIME')[1])
local ended = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)
local sum = tonumber(redis.call('HGET', KEYS[3], '') or 0)
local before = tonumber(redis.call('HGET', KEYS[3], ARGV[3]) or 0)
for _, name in ipairs(ended) do
  sum = sum - tonumber(redis.call('HGET', KEYS[3], name) or 0)
  if name == ARGV[3] then before = 0 end
end

if #ended > 0 then
  redis.call('ZREM', KEYS[2], unpack(ended))
  redis.call('HDEL', KEYS[3], unpack(ended))
  redis.call('HSET', KEYS[3], '', string.format('%.0f', sum))
end
sum = sum - before + #ARGV[2]
if sum > tonumber(ARGV[5]) then return 2 end
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), ARGV[3])
redis.call('HSET', KEYS[3], '', string.format('%.0f', sum), ARGV[3], #ARGV[2])
redis.call('SET', KEYS[1], ARGV[1] .. '|' .. ARGV[2], 'EX', ARGV[4])
return 1
