-- Is this the Redis that the caller knows, and what time is it there?
-- Answers false while the partition is fenced, of another epoch, or older than what the caller has seen.
-- `toff` shifts the clock of a test; nothing in the product writes it.
local function guard(meta, epoch, seen)
  local m = redis.call('HMGET', meta, 'epoch', 'gen', 'toff')
  if m[1] ~= epoch or tonumber(m[2] or '-1') < tonumber(seen) then return false, tonumber(m[2] or '0'), 0 end
  local t = redis.call('TIME')
  return true, tonumber(m[2]), tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000) + tonumber(m[3] or '0')
end
