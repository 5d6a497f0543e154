#!lua flags=allow-oom
-- Loads accounts and keys of one partition into Redis, from what the ledger says of them. The caller has flushed the outbox before
-- reading the ledger.
-- KEYS    1 meta  2 holds  3 and on: the accounts, then the keys
-- ARGV    1 epoch  2 high-water mark of gen  3 number of accounts  4 and on: for each account 7 values: its id, balance (credits), status,
--         version of the row, monthly budget or -1, month of the spend, credits spent in it; then for each key 19 values: its id,
--         version of the row, status, secret version, previous secret until (ms, 0: not), expires at (ms, 0: never),
--         surfaces as |a|b| or '', calls a minute or 0, limits FIXED, DAILY, WEEKLY, MONTHLY or -1, spent for ever,
--         day and spent in it, week and spent, month and spent
-- ANSWERS 1 Loaded  2 AlreadyLoaded  3 OtherFormat  -1 Fenced
--         AlreadyLoaded: others have loaded all of them, and their state stays.
-- KEEPS   held = the sum of the holds that are left, of each account, of each key and in each window; what is known of an older epoch
--         is replaced.
-- include guard.lua
-- include state.lua
-- include hold.lua
local ok, gen, _, m = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local epoch, of_accounts, of_keys, sets, at = tonumber(ARGV[1]), {}, {}, {}, 3
local function number(offset) return tonumber(ARGV[at + offset]) end
for i = 3, #KEYS do
  local is_account = i - 2 <= tonumber(ARGV[3])
  if is_account then
    if not account_of(read(KEYS[i]), epoch) then
      of_accounts[ARGV[at + 1]] =
        {1, epoch, number(2), 0, ARGV[at + 3] == 'active' and 1 or 0, number(4), number(5), number(6), number(7), 0, name = KEYS[i]}
    end
    at = at + 7
  else
    if not key_of(read(KEYS[i]), epoch) then
      of_keys[ARGV[at + 1]] = {1, epoch, ARGV[at + 3] == 'active' and 1 or 0, number(4), number(5), number(6), number(8), 0, 0, number(2),
        number(9), 0, number(13), 0, number(10), number(14), number(15), 0, number(11), number(16), number(17), 0,
        number(12), number(18), number(19), 0, ARGV[at + 7], name = KEYS[i]}
    end
    at = at + 19
  end
end
if not next(of_accounts) and not next(of_keys) then return {2, gen} end

-- One pass over the holds of the partition: there are as many as calls in flight.
for _, packed in ipairs(redis.call('HVALS', KEYS[2])) do
  if of_another_format(packed) then return {3, gen} end
  local account, key, amount, day, week, month = hold(packed)
  local a, k = of_accounts[account], of_keys[key]
  if a then
    a[A_HELD] = a[A_HELD] + tonumber(amount)
    roll(a, BUDGET, tonumber(month))
    if a[BUDGET + WINDOW] == tonumber(month) then a[BUDGET + HELD] = a[BUDGET + HELD] + tonumber(amount) end
  end
  if k then
    for place, window in pairs({[FIXED] = 0, [DAY] = tonumber(day), [WEEK] = tonumber(week), [MONTH] = tonumber(month)}) do
      roll(k, place, window)
      if k[place + WINDOW] == window then k[place + HELD] = k[place + HELD] + tonumber(amount) end
    end
  end
end
for _, a in pairs(of_accounts) do
  sets[#sets + 1] = a.name
  sets[#sets + 1] = pack_account(a)
end
for _, k in pairs(of_keys) do
  sets[#sets + 1] = k.name
  sets[#sets + 1] = pack_key(k)
end
redis.call('MSET', unpack(sets))
return {1, written(KEYS[1], m)}
