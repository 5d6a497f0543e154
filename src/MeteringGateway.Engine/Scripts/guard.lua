-- Fencing check: the partition's epoch must equal the caller's fencing token (argument epoch), and its write sequence (gen) must not be
-- behind the caller's high-water mark (argument seen). Every script of the data path calls it before anything else.
-- Returns whether the check passed, the write sequence, and the time of Redis (ms); a fenced partition has no epoch and never passes.
-- The epoch is written with the number of the states' format before it: a gateway that writes another format passes no check.
-- `toff` shifts the time in a test; nothing in the product writes it.
-- include format.lua
local function guard(meta, epoch, seen)
  local m = redis.call('HMGET', meta, 'epoch', 'gen', 'toff')
  if m[1] ~= FORMAT .. epoch or tonumber(m[2] or '-1') < tonumber(seen) then return false, tonumber(m[2] or '0'), 0 end
  local t = redis.call('TIME')
  return true, tonumber(m[2]), tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) + tonumber(m[3] or '0')
end
