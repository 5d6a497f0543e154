#!lua flags=allow-oom
-- Opens a recovered partition under its new epoch. Its outbox is empty: recovery has flushed it, and nobody can append meanwhile.
-- KEYS    1 meta
-- ARGV    1 the epoch that the partition was fenced for  2 high-water mark of gen, as PostgreSQL and this gateway know it
-- ANSWERS 1 Opened  2 Outrun
-- KEEPS   gen, the write sequence, never falls.
-- include meta.lua
local m = meta_of(read(KEYS[1]))
if not m or m[M_FENCE] ~= tonumber(ARGV[1]) then return 2 end
m[M_EPOCH], m[M_FENCE], m[M_GEN], m[M_ENTRIES] = m[M_FENCE], 0, math.max(m[M_GEN], tonumber(ARGV[2])) + 1, 0
redis.call('SET', KEYS[1], pack_meta(m))
return 1
