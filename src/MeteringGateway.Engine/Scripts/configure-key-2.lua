#!lua flags=allow-oom
-- Configures a loaded key from its row in PostgreSQL; its spend and holds stay.
-- KEYS    1 meta  2 key
-- ARGV    1 epoch  2 high-water mark of gen  3 version of the row  4 status  5 secret version  6 previous secret until (ms, 0: not)
--         7 expires at (ms, 0: never)  8 surfaces as |a|b| or ''  9 calls a minute or 0
--         10 to 13 limits FIXED, DAILY, WEEKLY, MONTHLY or -1
-- ANSWERS 1 Configured  -1 Fenced  -2 NotLoaded
-- KEEPS   the newest version that was ever written.
-- include guard.lua
local ok, gen = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local v = redis.pcall('HMGET', KEYS[2], 'ver', 'ep')
if v[2] ~= ARGV[1] then return {-2, gen} end
if tonumber(v[1]) > tonumber(ARGV[3]) then return {1, gen} end
redis.call('HSET', KEYS[2], 'ver', ARGV[3], 'status', ARGV[4], 'sv', ARGV[5], 'pu', ARGV[6], 'exp', ARGV[7], 'surf', ARGV[8],
  'rate', ARGV[9], 'lF', ARGV[10], 'lD', ARGV[11], 'lW', ARGV[12], 'lM', ARGV[13])
return {1, redis.call('HINCRBY', KEYS[1], 'gen', 1)}
