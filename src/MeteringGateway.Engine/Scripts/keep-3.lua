#!lua
-- Keeps the answer of a call with an idempotency key, for a repeat of the call. What has ended leaves the sums first, a hundred at a time.
-- KEYS    1 answer  2 the answers that are kept, by their end (s): a sorted set
--         3 bytes of each, of each account's under its number, and of all under '': a hash
-- ARGV    1 request id  2 answer  3 its name in 2 and 3: account:hash  4 its life (s)  5 most bytes of all answers
--         6 most bytes of one account's answers
-- ANSWERS 1 Kept  2 Full
-- KEEPS   sum = the bytes of the answers in 2, each as Redis stores it, at most what is allowed; an answer replaces that of another
--         request under its name.
local function bytes_of(field) return tonumber(redis.call('HGET', KEYS[3], field) or 0) end
local function owner(name) return string.match(name, '^[^:]*') end
-- The allocator has four sizes for strings between a power of two and the next.
local function allocated(bytes)
  local step = 2 ^ (math.floor(math.log(bytes) / math.log(2)) - 2)
  return math.ceil(bytes / step) * step
end

-- The name stands in three places. The rest was measured (KeptAnswersTests): heads of strings, of table slots and of list nodes.
local stored = ARGV[1] .. '|' .. ARGV[2]
local size = allocated(#stored + 16) + 3 * #ARGV[3] + 400
local now = tonumber(redis.call('TIME')[1])
local ended = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 100)
local account = owner(ARGV[3])
local sums = {[''] = bytes_of(''), [account] = bytes_of(account)}
local before = bytes_of(ARGV[3])
for _, name in ipairs(ended) do
  local bytes, of = bytes_of(name), owner(name)
  sums[''], sums[of] = sums[''] - bytes, (sums[of] or bytes_of(of)) - bytes
  if name == ARGV[3] then before = 0 end
end

local function write_sums()
  for field, sum in pairs(sums) do
    if sum > 0 then redis.call('HSET', KEYS[3], field, string.format('%.0f', sum)) else redis.call('HDEL', KEYS[3], field) end
  end
end

if #ended > 0 then
  redis.call('ZREM', KEYS[2], unpack(ended))
  redis.call('HDEL', KEYS[3], unpack(ended))
  write_sums()
end
for _, field in ipairs({'', account}) do sums[field] = sums[field] - before + size end
if sums[''] > tonumber(ARGV[5]) or sums[account] > tonumber(ARGV[6]) then return 2 end
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), ARGV[3])
redis.call('HSET', KEYS[3], ARGV[3], string.format('%.0f', size))
write_sums()
redis.call('SET', KEYS[1], stored, 'EX', ARGV[4])
return 1
