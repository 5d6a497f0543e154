#!lua flags=allow-oom
-- Fence: shuts a partition for recovery. No script of any epoch passes the fencing check until open-1 has run.
-- KEYS    1 meta
-- ARGV    1 the new epoch (fencing token), already written to PostgreSQL
-- ANSWERS 1 Fenced  2 Outrun
-- KEEPS   a recovery that a newer one, or a newer gateway, has overtaken changes nothing. What can't be read is replaced.
-- include meta.lua
local packed = read(KEYS[1])
if is_newer(packed) then return 2 end
local m = meta_of(packed) or {FORMAT, 0, 0, 0, 0, 0}
if m[M_EPOCH] >= tonumber(ARGV[1]) or m[M_FENCE] > tonumber(ARGV[1]) then return 2 end
m[M_EPOCH], m[M_FENCE] = 0, tonumber(ARGV[1])
redis.call('SET', KEYS[1], pack_meta(m))
return 1
