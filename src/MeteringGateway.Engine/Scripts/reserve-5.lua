#!lua
-- Reserve: holds the price of one call, if the account and every limit of the key allow the price.
-- KEYS    1 meta  2 account  3 key  4 holds  5 outbox
-- ARGV    1 epoch  2 high-water mark of gen  3 hold id  4 account id  5 key id  6 amount (credits, 1 to 10^12)
--         7 lifetime of the hold (ms)  8 version of the secret that was shown  9 surface slug  10 most entries the outbox may have
-- ANSWERS 1 Reserved  -1 Fenced  -2 NotLoaded  10 InvalidKey  11 AccountSuspended  12 SurfaceNotAllowed  13 RateLimited
--         14 BacklogFull  15 InsufficientCredits  16 CreditsReserved  20 FixedLimit  21 DailyLimit  22 WeeklyLimit  23 MonthlyLimit
--         24 AccountBudget
-- KEEPS   held <= balance; spent + held <= limit for every limit; a refusal writes nothing.
-- No caller sends a hold id twice. A second delivery all the same answers Reserved with the windows of the hold and writes nothing.
-- include guard.lua
-- include windows.lua
-- include state.lua
-- include hold.lua
local ok, gen, now = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local s = state(ARGV[1], KEYS[2], KEYS[3], windows(now))
if not s or not s.key[1] then return {-2, gen} end
local before = redis.call('HGET', KEYS[4], ARGV[3])
if before then
  local r, _, _, _, day, week, month = answer(1, gen, now, s), hold(before)
  if not day then return redis.error_reply('the hold is malformed') end
  r[6], r[7], r[8] = tonumber(day), tonumber(week), tonumber(month)
  return r
end

local amount, k = tonumber(ARGV[6]), s.key
if not string.find(ARGV[6], '^%d+$') or amount < 1 or amount > 1000000000000 then
  return redis.error_reply('amount is not a whole number from 1 to 10^12')
end
if not admits(k, tonumber(ARGV[8]), now) then return answer(10, gen, now, s) end
if s.status ~= 'active' then return answer(11, gen, now, s) end
if k[5] ~= '' and not string.find(k[5], '|' .. ARGV[9] .. '|', 1, true) then return answer(12, gen, now, s) end
local rate, minute = tonumber(k[6]), math.floor(now / 60000)
local calls = tonumber(k[7] or '0') >= minute and tonumber(k[8] or '0') or 0
if rate > 0 and calls >= rate then return answer(13, gen, now, s) end
if redis.call('LLEN', KEYS[5]) >= tonumber(ARGV[10]) then return answer(14, gen, now, s) end
if s.balance < amount then return answer(15, gen, now, s) end
if s.balance - s.held < amount then return answer(16, gen, now, s) end
for i = 1, 4 do
  local l = s.limits[i]
  if l[LIMIT] >= 0 and l[SPENT] + l[HELD] + amount > l[LIMIT] then return answer(19 + i, gen, now, s) end
end
local b = s.budget
if b[LIMIT] >= 0 and b[SPENT] + b[HELD] + amount > b[LIMIT] then return answer(24, gen, now, s) end

local w = {0, s.limits[2][WINDOW], s.limits[3][WINDOW], s.limits[4][WINDOW]}
roll_windows(KEYS[2], KEYS[3], s)
redis.call('HINCRBY', KEYS[2], 'held', ARGV[6])
s.held = s.held + amount
move(KEYS[2], KEYS[3], s, w, 'h', amount)
if rate > 0 then
  redis.call('HSET', KEYS[3], 'rw', string.format('%.0f', math.max(minute, tonumber(k[7] or '0'))), 'rn', string.format('%.0f', calls + 1))
end
redis.call('HSET', KEYS[4],
  ARGV[3], string.format('%s|%s|%s|%.0f|%.0f|%.0f|%.0f', ARGV[4], ARGV[5], ARGV[6], w[2], w[3], w[4], now + tonumber(ARGV[7])))
return answer(1, redis.call('HINCRBY', KEYS[1], 'gen', 1), now, s)
