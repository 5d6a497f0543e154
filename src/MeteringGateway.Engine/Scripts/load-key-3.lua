#!lua flags=allow-oom
-- Loads a key into Redis, from its row and from what the ledger says the key has spent. The caller has flushed the outbox before.
-- KEYS    1 meta  2 key  3 holds
-- ARGV    1 epoch  2 high-water mark of gen  3 key id  4 version of the row  5 status  6 secret version
--         7 previous secret until (ms, 0: not)  8 expires at (ms, 0: never)  9 surfaces as |a|b| or ''  10 calls a minute or 0
--         11 to 14 limits FIXED, DAILY, WEEKLY, MONTHLY or -1  15 spent for ever  16, 17 day and spent in it  18, 19 week and spent
--         20, 21 month and spent
-- ANSWERS 1 Loaded  2 AlreadyLoaded  3 OtherFormat  -1 Fenced
-- KEEPS   held in each window = the sum of the key's holds that are left in it; what is known of an older epoch is replaced.
-- include guard.lua
-- include hold.lua
local ok, gen = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
if redis.pcall('HGET', KEYS[2], 'ep') == ARGV[1] then return {2, gen} end
-- For each of F, D, W, M: window, spent, held.
local w = {{0, ARGV[15], 0}, {tonumber(ARGV[16]), ARGV[17], 0}, {tonumber(ARGV[18]), ARGV[19], 0}, {tonumber(ARGV[20]), ARGV[21], 0}}
for _, packed in ipairs(redis.call('HVALS', KEYS[3])) do
  if of_another_format(packed) then return {3, gen} end
  local _, key, amount, day, week, month = hold(packed)
  if key == ARGV[3] then
    for i, window in ipairs({0, tonumber(day), tonumber(week), tonumber(month)}) do
      if window > w[i][1] then w[i] = {window, '0', 0} end
      if window == w[i][1] then w[i][3] = w[i][3] + tonumber(amount) end
    end
  end
end
local f = {'ep', ARGV[1], 'ver', ARGV[4], 'status', ARGV[5], 'sv', ARGV[6], 'pu', ARGV[7], 'exp', ARGV[8], 'surf', ARGV[9],
  'rate', ARGV[10]}
for i, suffix in ipairs({'F', 'D', 'W', 'M'}) do
  for _, v in ipairs({'l' .. suffix, ARGV[10 + i], 'w' .. suffix, string.format('%.0f', w[i][1]), 's' .. suffix, w[i][2],
    'h' .. suffix, string.format('%.0f', w[i][3])}) do
    f[#f + 1] = v
  end
end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[2], unpack(f))
return {1, redis.call('HINCRBY', KEYS[1], 'gen', 1)}
