#!lua flags=allow-oom
-- Loads accounts and keys of partitions into Redis, from what the ledger says of them. The caller has asked for what waits in the outboxes
-- (waiting-2), and flushed where an account of these has an entry, before it has read the ledger.
-- KEYS    1 meta  2 holds  3 and on: with more partitions all heads come first, then all holds; then the accounts and the keys of each
--         partition
-- ARGV    1 number of partitions  2 and on: for each partition the epoch, the high-water mark of gen, the number of its accounts and of
--         its keys; then for each account and key its id and its state, packed (state.lua) under the epoch, with nothing held
-- ANSWERS 1 Loaded  2 AlreadyLoaded  3 OtherFormat  -1 Fenced  -3 Failed
--         One for each partition. AlreadyLoaded: others have loaded all of them, and their state stays. OtherFormat: a hold of the
--         partition can't be read by this version. Failed, with the reason: the holds are none.
-- KEEPS   held = the sum of the holds that are left, of each account, of each key and in each window; what is known of an older epoch
--         is replaced. A partition that can't be loaded is answered as such, and the others are loaded.
-- include guard.lua
-- include partitions.lua
-- include state.lua
-- include hold.lua
local partitions, sets, place = tonumber(ARGV[1]), {}, 0
local known = redis.call('MGET', unpack(KEYS, 2 * partitions + 1))

-- Adds a hold to what is held of its account and of its key, where these are to be loaded.
local function count(a, k, amount, day, week, month)
  if a then
    a[A_HELD] = a[A_HELD] + amount
    roll(a, BUDGET, month)
    if a[BUDGET + WINDOW] == month then a[BUDGET + HELD] = a[BUDGET + HELD] + amount end
  end
  if k then
    for at, window in pairs({[FIXED] = 0, [DAY] = day, [WEEK] = week, [MONTH] = month}) do
      roll(k, at, window)
      if k[at + WINDOW] == window then k[at + HELD] = k[at + HELD] + amount end
    end
  end
end

local answers = each(partitions, function(i)
  local at, first = 4 * i - 2, place
  local epoch, accounts, keys = tonumber(ARGV[at]), tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  place = first + accounts + keys
  local ok, gen, _, m = guard(KEYS[i], ARGV[at], ARGV[at + 1])
  if not ok then return {-1, gen} end

  -- The states that Redis does not know, by the id of their account or key.
  local sent, unknown, of_accounts, of_keys, changed = 4 * partitions + 1, {}, {}, {}, {}
  for s = first + 1, place do
    local id, is_account = ARGV[sent + 2 * s - 1], s <= first + accounts
    if not (is_account and account_of or key_of)(known[s], epoch) then
      unknown[#unknown + 1] = s
      if is_account then of_accounts[id] = s else of_keys[id] = s end
    end
  end
  if #unknown == 0 then return {2, gen} end

  local function state(s, read)
    if s and not changed[s] then changed[s] = read(ARGV[sent + 2 * s], epoch) or error('a state that was sent is none') end
    return changed[s]
  end

  -- One pass over the holds of the partition: there are as many as calls in flight.
  for _, packed in ipairs(redis.call('HVALS', KEYS[partitions + i])) do
    if of_another_format(packed) then return {3, gen} end
    local account, key, amount, day, week, month = hold(packed)
    if account and (of_accounts[account] or of_keys[key]) then
      count(state(of_accounts[account], account_of), state(of_keys[key], key_of),
        tonumber(amount), tonumber(day), tonumber(week), tonumber(month))
    end
  end
  for _, s in ipairs(unknown) do
    local t = changed[s]
    sets[#sets + 1] = KEYS[2 * partitions + s]
    sets[#sets + 1] = t and (s <= first + accounts and pack_account(t) or pack_key(t)) or ARGV[sent + 2 * s]
  end
  m[M_GEN] = m[M_GEN] + 1
  sets[#sets + 1] = KEYS[i]
  sets[#sets + 1] = pack_meta(m)
  return {1, m[M_GEN]}
end)
if #sets > 0 then redis.call('MSET', unpack(sets)) end
return answers
