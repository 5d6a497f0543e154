#!lua flags=allow-oom
-- Commit: turns a hold into a charge and appends its entry to the transactional outbox, in one atomic step.
-- KEYS    1 meta  2 account  3 key  4 holds  5 outbox  6 idempotency key of the entry id
-- ARGV    1 epoch  2 high-water mark of gen  3 hold id  4 account id  5 key id  6 actual price (credits, 1 to the amount held)
--         7 to 9 day, week, month of the reservation  10 '1' for a retry: an earlier delivery of this commit may have taken effect
--         11 entry tail (JSON)
-- ANSWERS 1 Committed  2 Resolved  3 Uncollected  4 AboveHold  -1 Fenced  -2 NotLoaded
--         Resolved: a retry finds no hold, so the first delivery took effect before the deadline; or the idempotency key is set:
--         another delivery took effect, or the call has a tombstone.
--         Uncollected: the hold had expired, and the balance or a limit no longer allows the charge, or the window of a limit
--         has rolled, so that nobody can say what the limit would have allowed. The key is set: every later delivery answers the same.
-- KEEPS   one charge per id; 0 <= held <= balance; an expired hold is charged only from what is free.
-- Idempotency: a timed-out commit may still be delivered later. If a retry is possible (retry flag, or no hold), the script sets the
-- idempotency key; its TTL (1 h) exceeds the life of any connection.
-- include guard.lua
-- include windows.lua
-- include state.lua
-- include hold.lua
local ok, gen, now = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
-- The windows of the reservation lie ahead where the clock of Redis went back and a recovery forgot that the windows had started.
local w, day, week, month = {0, tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])}, windows(now)
local s = state(ARGV[1], KEYS[2], KEYS[3], math.max(day, w[2]), math.max(week, w[3]), math.max(month, w[4]))
if not s or not s.key[1] then return {-2, gen} end
if not string.find(ARGV[6], '^%d+$') or tonumber(ARGV[6]) < 1 then return redis.error_reply('the price is not a whole number above 0') end
-- Raises where the outbox can't take the entry, before anything is written.
redis.call('LLEN', KEYS[5])
local outcome = redis.pcall('GET', KEYS[6])
if type(outcome) == 'table' then return redis.error_reply('the idempotency key is malformed') end
if outcome == 'uncollected' then return answer(3, gen, now, s) end
if outcome then return answer(2, gen, now, s) end
local function uncollected()
  redis.call('SET', KEYS[6], 'uncollected', 'EX', 3600)
  return answer(3, redis.call('HINCRBY', KEYS[1], 'gen', 1), now, s)
end

local price = tonumber(ARGV[6])
local packed = redis.call('HGET', KEYS[4], ARGV[3])
local _, _, held, hd, hw, hm
if packed then
  -- By the windows that the hold itself counts in; the caller's are those of the charge.
  _, _, held, hd, hw, hm = hold(packed)
  if not held then return redis.error_reply('the hold is malformed') end
  held = tonumber(held)
  if price > held then return answer(4, gen, now, s) end
elseif ARGV[10] == '1' then
  return answer(2, gen, now, s)
else
  if s.balance - s.held < price then return uncollected() end
  for i = 1, 4 do
    local l = s.limits[i]
    if l[LIMIT] >= 0 and (l[WINDOW] ~= w[i] or l[SPENT] + l[HELD] + price > l[LIMIT]) then return uncollected() end
  end
  local b = s.budget
  if b[LIMIT] >= 0 and (b[WINDOW] ~= w[4] or b[SPENT] + b[HELD] + price > b[LIMIT]) then return uncollected() end
end

roll_windows(KEYS[2], KEYS[3], s)
if ARGV[10] == '1' or not packed then redis.call('SET', KEYS[6], '1', 'EX', 3600) end
if packed then
  redis.call('HDEL', KEYS[4], ARGV[3])
  s.held = redis.call('HINCRBY', KEYS[2], 'held', string.format('%.0f', -held))
end
s.balance = redis.call('HINCRBY', KEYS[2], 'balance', '-' .. ARGV[6])
if packed then move(KEYS[2], KEYS[3], s, {0, tonumber(hd), tonumber(hw), tonumber(hm)}, 'h', -held) end
move(KEYS[2], KEYS[3], s, w, 's', price)
redis.call('RPUSH', KEYS[5], string.format('%.0f|%s|%s|%s|-%s|%.0f|%s|%s|%s|',
  now, ARGV[1], ARGV[4], ARGV[5], ARGV[6], s.balance, ARGV[7], ARGV[8], ARGV[9]) .. ARGV[11])
return answer(1, redis.call('HINCRBY', KEYS[1], 'gen', 1), now, s)
