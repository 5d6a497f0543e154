#!lua flags=allow-oom
-- Fence: shuts a partition for recovery. No script of any epoch passes the fencing check until open-1 has run.
-- KEYS    1 meta
-- ARGV    1 the new epoch (fencing token), already written to PostgreSQL
-- ANSWERS 1 Fenced  2 Outrun
-- KEEPS   a recovery that a newer one has overtaken changes nothing.
local m = redis.call('HMGET', KEYS[1], 'epoch', 'fence')
if tonumber(string.match(m[1] or '0', '(%d+)$')) >= tonumber(ARGV[1]) or tonumber(m[2] or '0') > tonumber(ARGV[1]) then return 2 end
redis.call('HDEL', KEYS[1], 'epoch')
redis.call('HSET', KEYS[1], 'fence', ARGV[1])
return 1
