#!lua flags=allow-oom
-- Shuts a partition for recovery: no script of any epoch passes its guard until it is opened.
-- KEYS    1 meta
-- ARGV    1 the new epoch, already written to PostgreSQL
-- ANSWERS 1 Fenced  2 Outrun
-- KEEPS   a recovery that was overtaken by a newer one changes nothing.
local m = redis.call('HMGET', KEYS[1], 'epoch', 'fence')
if tonumber(m[1] or '0') >= tonumber(ARGV[1]) or tonumber(m[2] or '0') > tonumber(ARGV[1]) then return 2 end
redis.call('HDEL', KEYS[1], 'epoch')
redis.call('HSET', KEYS[1], 'fence', ARGV[1])
return 1
