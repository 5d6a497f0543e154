-- Many operations of many partitions in one script: one MGET reads all states, operations change them in tables, so that ten calls of one
-- account cost one read and one write; then for each partition one RPUSH, one HSET and one HDEL of holds, and one MSET for all, with one
-- rise of each partition's write sequence. Nothing is written before every operation is decided. The RPUSH is the first write of its
-- partition: where the outbox can't take it, nothing of the partition is written; no later write can fail.
--
-- The operations: count of partitions, most entries an outbox may have; for each partition: epoch, high-water mark of gen, count of its
-- operations, their length in bytes; for each operation: kind, place of its account and of its key among the states, then
--   1 reserve  amount, lifetime of the hold (ms), version of the secret that was shown, place of the idempotency record (0: none), the
--              hold as far as account|key|amount|, surface, ticket
--   2 commit   actual price, amount that was reserved, day, week, month of the reservation, 1 for a retry, place of the idempotency key
--              of the entry id, place of the idempotency record (0: none), the hold as far as account|key|amount|day|week|month|, the
--              entry's |account|key|-price|, the entry from the day on, ticket
--   3 release  1 for expiry: only past the deadline; 2: the call is done and cost nothing, and its idempotency record says so; place of
--              the idempotency record (0: none), ticket
--   4 extend   lifetime from now (ms)
--   5 admit    amount (0: nothing that is about credits is asked), 1 where the call counts against the calls a minute, version of the
--              secret that was shown, surface
-- What stands in a hold or an entry as it was sent is sent as text: formatting a number takes longer than anything else here.
-- A ticket is the fingerprint of a request and its id, which an idempotency record names.
--
-- The answers: for each partition its code (1, -1 Fenced, -3 Failed), gen, now; where it is 1, for each of its operations a code, then
-- for reserve, commit and admit the snapshot (state.lua), for extend the new deadline, where the code is above 0.
--   1 reserve  1 Reserved  10 InvalidKey  11 AccountSuspended  12 SurfaceNotAllowed  13 RateLimited  14 BacklogFull
--              15 InsufficientCredits  16 CreditsReserved  20 FixedLimit  21 DailyLimit  22 WeeklyLimit  23 MonthlyLimit
--              24 AccountBudget  30 InProgress  31 AlreadyCharged  32 OtherRequest (each of the three with the record)
--   2 commit   1 Committed  2 Resolved  3 Uncollected  4 AboveHold
--   3 release  1 Released  2 Resolved  3 NotExpired
--   4 extend   1 Extended  2 Resolved
--   5 admit    1 Admitted, or what reserve would answer but for idempotency
--   all        -2 NotLoaded  -4 Malformed: an amount, or the hold as it stands in Redis, is none
-- A partition is Failed where its holds or its outbox are none, or an operation raised: nothing of it is written.
-- include meta.lua
-- include windows.lua
-- include state.lua
-- include hold.lua
local request = ARGV[1]
local partitions, backlog, at = struct.unpack('<Hd', request)
-- KEYS: the heads, the holds, the outboxes, then the states.
local found = redis.call('MGET', unpack(KEYS, 1, partitions))
local known = redis.call('MGET', unpack(KEYS, 3 * partitions + 1))
local t = redis.call('TIME')
local time = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
local today, this_week, this_month = windows(time)
local windows_text = string.format('%.0f|%.0f|%.0f|', today, this_week, this_month)
local states, out, records, problem = {}, {}, {}, ''
-- What the partitions change, all in one list of a kind, of which each partition has a stretch: a table a partition costs more than what
-- an operation does. A place among the states is listed once, a hold as often as it changes.
local entries, changed, notes, accounts, keys, listed = {}, {}, {}, {}, {}, {}

local function state(p, place, read)
  local s = states[place]
  if s == nil then
    s = read(known[place], p.epoch) or false
    states[place] = s
  end
  return s
end

local function tell(answer) out[#out + 1] = answer end
local function code(number) tell(struct.pack('<d', number)) end
local function whole(n, most) return n >= 1 and n <= most and n == math.floor(n) end

-- Numbers as text: most of a batch have the same deadline.
local last, last_text
local function text_of(number)
  if number ~= last then last, last_text = number, string.format('%.0f', number) end
  return last_text
end

-- Notes that a string is to be written, with its time to live (s), or deleted; later operations of the batch read it as written.
local function note(p, place, text, seconds)
  known[place] = text
  notes[#notes + 1] = {place, text, seconds}
  p.wrote = true
end

-- Is there such a hold, of this batch or in Redis?
local function held(p, id)
  if p.holds[id] == nil then p.holds[id] = redis.call('HGET', p.holds_name, id) end
  return p.holds[id]
end

local function put_hold(p, id, packed)
  p.holds[id], changed[#changed + 1], p.wrote = packed, id, true
end

local function keep(p, a_place, k_place, a, k)
  states[a_place], states[k_place], p.wrote = a, k, true
  if not listed[a_place] then listed[a_place], accounts[#accounts + 1] = true, a_place end
  if not listed[k_place] then listed[k_place], keys[#keys + 1] = true, k_place end
end

-- Gives back what a hold has set aside: of the account, of the key, and in each window of the reservation.
local function free(a, k, amount, day, week, month)
  a[A_HELD] = a[A_HELD] - amount
  move(a, k, day, week, month, HELD, -amount)
end

-- The code of an idempotency record that binds a call; nil where none does. A record of a call whose hold is gone without a charge binds
-- nobody, for its gateway has died; nor does one of another delivery of the same request. That of a claim, which has no hold, binds.
local function repeated(p, record, ticket)
  if not record then return nil end
  local kind, mark, request_id, rest = string.match(record, '^(%a)|([^|]*)|([^|]*)|(.*)$')
  local mine, mine_id = string.match(ticket, '^([^|]*)|(.*)$')
  if kind ~= 'c' and (kind ~= 'h' or request_id == mine_id or rest ~= '' and not held(p, rest)) then return nil end
  records[#records + 1] = record
  return mark ~= mine and 32 or kind == 'c' and 31 or 30
end

-- The calls of the key in this minute, before this one.
local function calls_in(k, minute) return k[K_MINUTE] >= minute and k[K_CALLS] or 0 end
local function count_call(k, minute, calls)
  if k[K_RATE] > 0 then k[K_MINUTE], k[K_CALLS] = math.max(minute, k[K_MINUTE]), calls + 1 end
end

-- Why the key may not make the call, whatever it costs, a repeat included; nil where it may.
local function shut(k, surface, calls)
  if not allows(k, surface) then return 12 end
  if k[K_RATE] > 0 and calls >= k[K_RATE] then return 13 end
  return nil
end

-- Why the call may not be held; 1 where it may. What costs nothing needs no credits, and no room in the outbox.
local function refusal(p, a, k, amount)
  if amount == 0 then return 1 end
  if p.meta[M_ENTRIES] + #entries - p.entries_from >= backlog then
    -- The length at the last entry: it may have been flushed since.
    p.meta[M_ENTRIES] = redis.call('LLEN', p.outbox)
    if p.meta[M_ENTRIES] + #entries - p.entries_from >= backlog then return 14 end
  end
  if a[A_BALANCE] < amount then return 15 end
  if a[A_BALANCE] - a[A_HELD] < amount then return 16 end
  if not fits(k, FIXED, amount) then return 20 end
  if not fits(k, DAY, amount) then return 21 end
  if not fits(k, WEEK, amount) then return 22 end
  if not fits(k, MONTH, amount) then return 23 end
  if not fits(a, BUDGET, amount) then return 24 end
  return 1
end

local function reserve(p, id, a_place, k_place, at)
  local _, _, _, amount, lifetime, secret, record, prefix, surface, ticket, after = struct.unpack('<BHHdddHHc0Hc0Hc0', request, at)
  local a, k = state(p, a_place, account_of), state(p, k_place, key_of)
  if not a or not k then code(-2) return after end
  roll_windows(a, k, p.day, p.week, p.month)
  local now, before = p.now, p.holds[id]
  if before then
    -- A second delivery, which no caller sends: it answers with the windows of the hold and writes nothing.
    local _, _, amount, day, week, month = hold(before)
    if not amount then code(-4) return after end
    local seen = {unpack(k)}
    seen[DAY + WINDOW], seen[WEEK + WINDOW], seen[MONTH + WINDOW] = tonumber(day), tonumber(week), tonumber(month)
    tell(snapshot(1, a, seen))
    return after
  end
  if not whole(amount, 1000000000000) then code(-4) return after end
  local minute = math.floor(now / 60000)
  local calls = calls_in(k, minute)
  local refused = admits(k, secret, now) and (a[A_ACTIVE] ~= 1 and 11 or shut(k, surface, calls)
    or record > 0 and repeated(p, known[record], ticket) or refusal(p, a, k, amount)) or 10
  if refused ~= 1 then
    if refused >= 30 and k[K_RATE] > 0 then
      -- A repeat is a call of this minute as any other.
      count_call(k, minute, calls)
      keep(p, a_place, k_place, a, k)
    end
    tell(snapshot(refused, a, k))
    return after
  end

  local day, week, month = k[DAY + WINDOW], k[WEEK + WINDOW], k[MONTH + WINDOW]
  a[A_HELD] = a[A_HELD] + amount
  move(a, k, day, week, month, HELD, amount)
  count_call(k, minute, calls)
  local text = day == today and week == this_week and month == this_month and windows_text
    or string.format('%.0f|%.0f|%.0f|', day, week, month)
  put_hold(p, id, prefix .. text .. text_of(now + lifetime))
  if record > 0 then note(p, record, 'h|' .. ticket .. '|' .. id, 86400) end
  keep(p, a_place, k_place, a, k)
  tell(snapshot(1, a, k))
  return after
end

-- An expired hold's charge: only from what is free, and only in windows whose limits can still say what they would have allowed.
local function collectable(t, at, window, price)
  return t[at] < 0 or (t[at + WINDOW] == window and fits(t, at, price))
end

local function commit(p, id, a_place, k_place, at)
  local _, _, _, price, held, day, week, month, again, marker, record, prefix, entry, tail, ticket, after =
    struct.unpack('<BHHdddddBHHHc0Hc0Ic0Hc0', request, at)
  local a, k = state(p, a_place, account_of), state(p, k_place, key_of)
  if not a or not k then code(-2) return after end
  if not whole(price, MOST) then code(-4) return after end
  roll_windows(a, k, p.day, p.week, p.month)
  if day > k[DAY + WINDOW] or week > k[WEEK + WINDOW] or month > a[BUDGET + WINDOW] or month > k[MONTH + WINDOW] then
    -- The windows of the reservation lie ahead where the clock of Redis went back and a recovery forgot that the windows had started.
    -- Copies, so that a commit which writes nothing starts no window either.
    a, k = {unpack(a, 1, 10)}, {unpack(k)}
    roll_windows(a, k, day, week, month)
  end
  local outcome = known[marker]
  if outcome then tell(snapshot(outcome == 'uncollected' and 3 or 2, a, k)) return after end
  local packed, held_day, held_week, held_month = p.holds[id], day, week, month
  if packed then
    if string.sub(packed, 1, #prefix) ~= prefix then
      -- By what the hold itself says; the caller's windows are those of the charge.
      _, _, held, held_day, held_week, held_month = hold(packed)
      if not held then code(-4) return after end
      held, held_day, held_week, held_month = tonumber(held), tonumber(held_day), tonumber(held_week), tonumber(held_month)
    end
    if price > held then tell(snapshot(4, a, k)) return after end
  elseif again == 1 then
    tell(snapshot(2, a, k))
    return after
  elseif record > 0 and known[record] ~= 'h|' .. ticket .. '|' .. id or a[A_BALANCE] - a[A_HELD] < price
    or not collectable(k, FIXED, 0, price) or not collectable(k, DAY, day, price) or not collectable(k, WEEK, week, price)
    or not collectable(k, MONTH, month, price) or not collectable(a, BUDGET, month, price) then
    -- Not collected either where another call has the idempotency key by now: it may be charged once.
    note(p, marker, 'uncollected', 3600)
    tell(snapshot(3, a, k))
    return after
  end

  if again == 1 or not packed then note(p, marker, '1', 3600) end
  if packed then
    put_hold(p, id, false)
    free(a, k, held, held_day, held_week, held_month)
  end
  a[A_BALANCE] = a[A_BALANCE] - price
  move(a, k, day, week, month, SPENT, price)
  if not p.stamp then p.stamp = string.format('%.0f|%.0f', p.now, p.epoch) end
  entries[#entries + 1] = p.stamp .. entry .. string.format('%.0f', a[A_BALANCE]) .. tail
  if record > 0 then note(p, record, string.format('c|%s|%.0f|%.0f', ticket, price, a[A_BALANCE]), 86400) end
  keep(p, a_place, k_place, a, k)
  tell(snapshot(1, a, k))
  return after
end

local function release(p, id, a_place, k_place, at)
  local _, _, _, mode, record, ticket, after = struct.unpack('<BHHBHHc0', request, at)
  local packed = p.holds[id]
  if not packed then code(2) return after end
  local _, _, amount, day, week, month, deadline = hold(packed)
  if not amount then code(-4) return after end
  if mode == 1 and p.now < tonumber(deadline) then code(3) return after end
  local a, k = state(p, a_place, account_of), state(p, k_place, key_of)
  if not a or not k then code(-2) return after end
  roll_windows(a, k, p.day, p.week, p.month)
  put_hold(p, id, false)
  free(a, k, tonumber(amount), tonumber(day), tonumber(week), tonumber(month))
  if record > 0 and known[record] == 'h|' .. ticket .. '|' .. id then
    note(p, record, mode == 2 and string.format('c|%s|0|%.0f', ticket, a[A_BALANCE]), 86400)
  end
  keep(p, a_place, k_place, a, k)
  code(1)
  return after
end

local function extend(p, id, _, _, at)
  local _, _, _, lifetime, after = struct.unpack('<BHHd', request, at)
  local packed = p.holds[id]
  if not packed then code(2) return after end
  local owner, key, amount, day, week, month, deadline = hold(packed)
  if not amount then code(-4) return after end
  local later = math.max(tonumber(deadline), p.now + lifetime)
  put_hold(p, id, table.concat({owner, key, amount, day, week, month, string.format('%.0f', later)}, '|'))
  tell(struct.pack('<dd', 1, later))
  return after
end

-- Decides as reserve does and holds nothing: for a call that costs nothing, and for one that only wants to know. What only wants to know
-- counts as no call and writes nothing: windows that have ended are rolled in tables alone.
local function admit(p, _, a_place, k_place, at)
  local _, _, _, amount, counts, secret, surface, after = struct.unpack('<BHHdBdHc0', request, at)
  local a, k = state(p, a_place, account_of), state(p, k_place, key_of)
  if not a or not k then code(-2) return after end
  if amount ~= 0 and not whole(amount, 1000000000000) then code(-4) return after end
  roll_windows(a, k, p.day, p.week, p.month)
  local minute = math.floor(p.now / 60000)
  local calls = calls_in(k, minute)
  local decided = admits(k, secret, p.now) and (a[A_ACTIVE] ~= 1 and 11 or shut(k, surface, calls) or refusal(p, a, k, amount)) or 10
  if decided == 1 and counts == 1 and k[K_RATE] > 0 then
    count_call(k, minute, calls)
    keep(p, a_place, k_place, a, k)
  end
  tell(snapshot(decided, a, k))
  return after
end

local kinds = {reserve, commit, release, extend, admit}
local function serve(p, operations, at, ids)
  for i = 1, operations do
    local kind, a_low, a_high, k_low, k_high = string.byte(request, at, at + 4)
    at = kinds[kind](p, ARGV[ids + i], a_low + 256 * a_high, k_low + 256 * k_high, at)
  end
end

-- Takes back what a partition was told.
local function fail(p, why)
  problem = KEYS[p.place] .. ': ' .. tostring(why)
  for j = p.first, p.last do out[j] = '' end
  for j = p.records_to, p.records_from + 1, -1 do table.remove(records, j) end
  out[p.first - 1] = struct.pack('<ddd', -3, 0, 0)
end

-- Decides the operations of each partition.
local served, ids = {}, 1
for i = 1, partitions do
  local epoch, seen, operations, length, after = struct.unpack('<ddHI', request, at)
  local m = meta_of(found[i])
  if not m or m[M_EPOCH] ~= epoch or m[M_GEN] < seen then
    tell(struct.pack('<ddd', -1, m and m[M_GEN] or 0, 0))
  else
    local p = {place = i, meta = m, epoch = epoch, now = time + m[M_SHIFT], holds = {}, holds_name = KEYS[partitions + i],
      outbox = KEYS[2 * partitions + i], stamp = false, wrote = false, day = today, week = this_week, month = this_month,
      first = #out + 2, last = 0, records_from = #records, records_to = 0, entries_from = #entries, entries_to = 0,
      changed_from = #changed, changed_to = 0, notes_from = #notes, notes_to = 0, accounts_from = #accounts, accounts_to = 0,
      keys_from = #keys, keys_to = 0}
    out[#out + 1] = ''
    if m[M_SHIFT] ~= 0 then p.day, p.week, p.month = windows(p.now) end
    local held = redis.pcall('HMGET', p.holds_name, unpack(ARGV, ids + 1, ids + operations))
    local done, why = not held.err, held.err
    if done then
      local holds = p.holds
      for j = 1, operations do holds[ARGV[ids + j]] = held[j] end
      done, why = pcall(serve, p, operations, after, ids)
    end
    p.last, p.records_to, p.entries_to, p.changed_to = #out, #records, #entries, #changed
    p.notes_to, p.accounts_to, p.keys_to = #notes, #accounts, #keys
    if not done then
      fail(p, why)
    else
      if p.wrote then
        m[M_GEN] = m[M_GEN] + 1
        served[#served + 1] = p
      end
      out[p.first - 1] = struct.pack('<ddd', 1, m[M_GEN], p.now)
    end
  end
  at, ids = after + length, ids + operations
end

-- Writes: the last partition first, so that what is taken back of one moves no records of those before it.
-- Of what was made and what is gone, only the first so many are the partition's: the rest is left from others.
local first, sets, made, gone = 3 * partitions, {}, {}, {}
local function set(place, packed)
  sets[#sets + 1] = KEYS[place]
  sets[#sets + 1] = packed
end
for i = #served, 1, -1 do
  local p = served[i]
  local pushed = p.entries_to > p.entries_from and redis.pcall('RPUSH', p.outbox, unpack(entries, p.entries_from + 1, p.entries_to))
    or p.meta[M_ENTRIES]
  if type(pushed) ~= 'number' then
    fail(p, pushed.err)
  else
    p.meta[M_ENTRIES] = pushed
    set(p.place, pack_meta(p.meta))
    for j = p.accounts_from + 1, p.accounts_to do set(first + accounts[j], pack_account(states[accounts[j]])) end
    for j = p.keys_from + 1, p.keys_to do set(first + keys[j], pack_key(states[keys[j]])) end
    local makes, goes, holds = 0, 0, p.holds
    for j = p.changed_from + 1, p.changed_to do
      local id = changed[j]
      if holds[id] then
        made[makes + 1], made[makes + 2], makes = id, holds[id], makes + 2
      else
        gone[goes + 1], goes = id, goes + 1
      end
    end
    if makes > 0 then redis.call('HSET', p.holds_name, unpack(made, 1, makes)) end
    if goes > 0 then redis.call('HDEL', p.holds_name, unpack(gone, 1, goes)) end
    for j = p.notes_from + 1, p.notes_to do
      local place, text, seconds = unpack(notes[j])
      if text then redis.call('SET', KEYS[first + place], text, 'EX', seconds) else redis.call('DEL', KEYS[first + place]) end
    end
  end
end
if #sets > 0 then redis.call('MSET', unpack(sets)) end
