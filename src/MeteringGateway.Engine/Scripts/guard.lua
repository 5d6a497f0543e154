-- Fencing check: the partition's epoch must equal the caller's fencing token (argument epoch), and its write sequence (gen) must not be
-- behind the caller's high-water mark (argument seen). Every script of the data path calls it before anything else.
-- Returns whether the check passed, the write sequence, the time of Redis (ms) and the head; a fenced partition has no epoch and never
-- passes, nor does one whose head can't be read.
-- include meta.lua
local function guard(name, epoch, seen)
  local m = meta_of(read(name))
  if not m or m[M_EPOCH] ~= tonumber(epoch) or m[M_GEN] < tonumber(seen) then return false, m and m[M_GEN] or 0, 0 end
  local t = redis.call('TIME')
  return true, m[M_GEN], tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) + m[M_SHIFT], m
end

-- Raises the write sequence, as every script that has written does; with the length of the outbox where it has appended an entry.
local function written(name, m, entries)
  m[M_GEN], m[M_ENTRIES] = m[M_GEN] + 1, entries or m[M_ENTRIES]
  redis.call('SET', name, pack_meta(m))
  return m[M_GEN]
end
