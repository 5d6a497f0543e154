#!lua flags=allow-oom
-- Opens a recovered partition under its new epoch.
-- KEYS    1 meta
-- ARGV    1 the epoch that the partition was fenced for  2 high-water mark of gen, as PostgreSQL and this gateway know it
-- ANSWERS 1 Opened  2 Outrun
-- KEEPS   gen, the write sequence, never falls.
-- include format.lua
local m = redis.call('HMGET', KEYS[1], 'fence', 'gen')
if m[1] ~= ARGV[1] then return 2 end
local gen = math.max(tonumber(m[2] or '0'), tonumber(ARGV[2])) + 1
redis.call('HSET', KEYS[1], 'epoch', FORMAT .. ARGV[1], 'gen', string.format('%.0f', gen))
redis.call('HDEL', KEYS[1], 'fence')
return 1
