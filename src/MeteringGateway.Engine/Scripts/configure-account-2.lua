#!lua flags=allow-oom
-- Configures a loaded account from its row in PostgreSQL; its balance, spend and holds stay.
-- KEYS    1 meta  2 account
-- ARGV    1 epoch  2 high-water mark of gen  3 version of the row  4 status  5 monthly budget or -1
-- ANSWERS 1 Configured  -1 Fenced  -2 NotLoaded
-- KEEPS   the newest version that was ever written.
-- include guard.lua
local ok, gen = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local v = redis.pcall('HMGET', KEYS[2], 'ver', 'ep')
if v[2] ~= ARGV[1] then return {-2, gen} end
if tonumber(v[1]) > tonumber(ARGV[3]) then return {1, gen} end
redis.call('HSET', KEYS[2], 'ver', ARGV[3], 'status', ARGV[4], 'lM', ARGV[5])
return {1, redis.call('HINCRBY', KEYS[1], 'gen', 1)}
