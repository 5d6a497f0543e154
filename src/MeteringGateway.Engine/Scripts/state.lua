-- An account and a key are one string each: the number of their format, numbers as doubles, and the surfaces of a key at the end.
-- All numbers are whole and below 2^53, where doubles are exact. Places of an account's numbers, and of a key's.
local ACCOUNT, ACCOUNT_LENGTH = '<Bddddddddd', 73
local A_EPOCH, A_BALANCE, A_HELD, A_ACTIVE, A_VERSION, BUDGET = 2, 3, 4, 5, 6, 7
local KEY, KEY_NUMBERS, KEY_LENGTH = '<Bddddddddddddddddddddddddd', 26, 201
local K_EPOCH, K_ACTIVE, K_SECRET, K_PREVIOUS, K_EXPIRES, K_RATE, K_MINUTE, K_CALLS, K_VERSION = 2, 3, 4, 5, 6, 7, 8, 9, 10
local FIXED, DAY, WEEK, MONTH, SURFACES = 11, 15, 19, 23, 27
-- Each of the five, limits and budget, has four numbers from its place on; the limit is -1 where there is none.
local LIMIT, WINDOW, SPENT, HELD = 0, 1, 2, 3
-- The largest whole number whose neighbours are exact: no sum may pass it, with or without a limit.
local MOST = 9007199254740991

-- Reads an account or a key. Nil where Redis does not know it; what was loaded under another epoch counts as unknown, for the recovery
-- that raised the epoch is newer, and so does what is no state: either is loaded anew from the ledger.
local function account_of(packed, epoch)
  if type(packed) ~= 'string' or #packed ~= ACCOUNT_LENGTH or string.byte(packed) ~= FORMAT then return nil end
  local a = {struct.unpack(ACCOUNT, packed)}
  return a[A_EPOCH] == epoch and a or nil
end
local function key_of(packed, epoch)
  if type(packed) ~= 'string' or #packed < KEY_LENGTH or string.byte(packed) ~= FORMAT then return nil end
  local k = {struct.unpack(KEY, packed)}
  if k[K_EPOCH] ~= epoch then return nil end
  k[SURFACES] = string.sub(packed, KEY_LENGTH + 1)
  return k
end
local function pack_account(a) return struct.pack(ACCOUNT, unpack(a, 1, 10)) end
local function pack_key(k) return struct.pack(KEY, unpack(k, 1, KEY_NUMBERS)) .. k[SURFACES] end

-- Rolls the windows: starts those whose predecessor has ended. A window that lies ahead (the clock of Redis went back) stays.
-- A month that any key of the account has started is the month of all its keys: the budget counts what is reserved in that month alone.
local function roll(t, at, window)
  if window > t[at + WINDOW] then t[at + WINDOW], t[at + SPENT], t[at + HELD] = window, 0, 0 end
end
local function roll_windows(a, k, day, week, month)
  if a[BUDGET + WINDOW] < month then roll(a, BUDGET, month) end
  if k and (k[DAY + WINDOW] < day or k[WEEK + WINDOW] < week or k[MONTH + WINDOW] < a[BUDGET + WINDOW]) then
    roll(k, DAY, day)
    roll(k, WEEK, week)
    roll(k, MONTH, a[BUDGET + WINDOW])
  end
end

-- Moves SPENT or HELD of a key and its account in the windows of the reservation. A window that has rolled since is left alone:
-- its charges live on in the ledger only.
local function move(a, k, day, week, month, place, amount)
  k[FIXED + place] = k[FIXED + place] + amount
  if k[DAY + WINDOW] == day then k[DAY + place] = k[DAY + place] + amount end
  if k[WEEK + WINDOW] == week then k[WEEK + place] = k[WEEK + place] + amount end
  if k[MONTH + WINDOW] == month then k[MONTH + place] = k[MONTH + place] + amount end
  if a[BUDGET + WINDOW] == month then a[BUDGET + place] = a[BUDGET + place] + amount end
end

-- Does the limit allow the amount?
local function fits(t, at, amount)
  return t[at + SPENT] + t[at + HELD] + amount <= (t[at] >= 0 and t[at] or MOST)
end

-- Does the key still admit the secret that was shown? Missing, revoked, expired and rotated read the same.
local function admits(k, secret, now)
  if k[K_ACTIVE] ~= 1 or (k[K_EXPIRES] > 0 and now >= k[K_EXPIRES]) then return false end
  return secret == k[K_SECRET] or (secret == k[K_SECRET] - 1 and now < k[K_PREVIOUS])
end

-- Is the surface among those that the key may call? A key without a list may call all.
local function allows(k, surface)
  return k[SURFACES] == '' or string.find(k[SURFACES], '|' .. surface .. '|', 1, true) ~= nil
end

-- The snapshot in an answer, packed: code, balance, held, day, week, month, then limit, spent, held of FIXED, DAILY, WEEKLY, MONTHLY
-- and of the account's month.
local SNAPSHOT = '<ddddddddddddddddddddd'
local function snapshot(code, a, k)
  return struct.pack(SNAPSHOT, code, a[A_BALANCE], a[A_HELD], k[DAY + WINDOW], k[WEEK + WINDOW], k[MONTH + WINDOW],
    k[FIXED], k[FIXED + SPENT], k[FIXED + HELD], k[DAY], k[DAY + SPENT], k[DAY + HELD], k[WEEK], k[WEEK + SPENT], k[WEEK + HELD],
    k[MONTH], k[MONTH + SPENT], k[MONTH + HELD], a[BUDGET], a[BUDGET + SPENT], a[BUDGET + HELD])
end

-- For scripts of one operation.
local function write_account(name, a) redis.call('SET', name, pack_account(a)) end
local function write_key(name, k) redis.call('SET', name, pack_key(k)) end
