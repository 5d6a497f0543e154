-- Each of the five, limits and budget, is a list with these places; the limit is -1 where there is none.
local SUFFIX, WINDOW, LIMIT, SPENT, HELD, ROLLED = 1, 2, 3, 4, 5, 6

-- Spend and holds of a key and its account, in the windows of now. Nil where Redis does not know the account; without its key where
-- Redis does not know the key. State that was loaded under another epoch counts as unknown: the recovery that raised the epoch is newer,
-- and the state is loaded anew from the ledger. So does state that is no hash: otherwise one account's damage would make its whole
-- partition suspect at each of its calls. A number that is none is an error here, before anything is written.
-- A window that has ended since the last write counts as empty; a window that lies ahead (the clock of Redis went back) stays.
-- A month that any key of the account has started is the month of all its keys: the budget counts what is reserved in that month alone.
local function state(epoch, a, k, day, week, month)
  local av = redis.pcall('HMGET', a, 'balance', 'held', 'status', 'lM', 'wM', 'sM', 'hM', 'ep')
  if av[8] ~= epoch then return nil end
  month = math.max(month, tonumber(av[5]))
  local kv = redis.pcall('HMGET', k, 'status', 'sv', 'pu', 'exp', 'surf', 'rate', 'rw', 'rn',
    'lF', 'sF', 'hF', 'lD', 'wD', 'sD', 'hD', 'lW', 'wW', 'sW', 'hW', 'lM', 'wM', 'sM', 'hM', 'ep')
  if kv[24] ~= epoch then kv = {} end
  local function number(text) return assert(tonumber(text), 'a number in the state is none') end
  local function of(suffix, now, limit, window, spent, held)
    local w, l = tonumber(window or '0'), number(limit)
    if now > w then return {suffix, now, l, 0, 0, true} end
    return {suffix, w, l, number(spent), number(held), false}
  end
  local limits = {}
  if kv[1] then
    limits = {
      of('F', 0, kv[9], '0', kv[10], kv[11]), of('D', day, kv[12], kv[13], kv[14], kv[15]),
      of('W', week, kv[16], kv[17], kv[18], kv[19]), of('M', month, kv[20], kv[21], kv[22], kv[23])}
  end
  return {balance = number(av[1]), held = number(av[2]), status = av[3], key = kv, limits = limits,
    budget = of('M', month, av[4], av[5], av[6], av[7])}
end

-- Does the key still admit the secret that was shown? Missing, revoked, expired and rotated read the same.
local function admits(kv, secret, now)
  if kv[1] ~= 'active' then return false end
  local expires = tonumber(kv[4])
  if expires > 0 and now >= expires then return false end
  local current = tonumber(kv[2])
  return secret == current or (secret == current - 1 and now < tonumber(kv[3]))
end

-- The answer of every script that looks at a key: code, gen, now, balance, held, day, week, month,
-- then limit, spent, held of FIXED, DAILY, WEEKLY, MONTHLY and of the account's month.
local function answer(code, gen, now, s)
  local r = {code, gen, now, s.balance, s.held, 0, 0, 0}
  for i = 1, 4 do
    local l = s.limits[i] or {'', 0, -1, 0, 0}
    if i > 1 then r[4 + i] = l[WINDOW] end
    r[#r + 1] = l[LIMIT] r[#r + 1] = l[SPENT] r[#r + 1] = l[HELD]
  end
  r[#r + 1] = s.budget[LIMIT] r[#r + 1] = s.budget[SPENT] r[#r + 1] = s.budget[HELD]
  return r
end

-- Moves spent ('s') or held ('h') of a key and its account in the windows w = {0, day, week, month} of the reservation.
-- A window that has rolled since is left alone: its charges live on in the ledger only.
local function move(a, k, s, w, what, amount)
  local at, by = what == 's' and SPENT or HELD, string.format('%.0f', amount)
  for i = 1, 4 do
    local l = s.limits[i]
    if l[WINDOW] == w[i] then redis.call('HINCRBY', k, what .. l[SUFFIX], by) l[at] = l[at] + amount end
  end
  local b = s.budget
  if b[WINDOW] == w[4] then redis.call('HINCRBY', a, what .. 'M', by) b[at] = b[at] + amount end
end

-- Rolls the windows: starts those of the key and of the account whose predecessor has ended.
local function roll_windows(a, k, s)
  local fields = {}
  for i = 2, 4 do
    local l = s.limits[i]
    if l[ROLLED] then
      local suffix = l[SUFFIX]
      for _, v in ipairs({'w' .. suffix, string.format('%.0f', l[WINDOW]), 's' .. suffix, '0', 'h' .. suffix, '0'}) do
        fields[#fields + 1] = v
      end
    end
  end
  if #fields > 0 then redis.call('HSET', k, unpack(fields)) end
  if s.budget[ROLLED] then redis.call('HSET', a, 'wM', string.format('%.0f', s.budget[WINDOW]), 'sM', '0', 'hM', '0') end
end
