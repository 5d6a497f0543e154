#!lua flags=allow-oom
-- Configures a loaded key from its row in PostgreSQL; its spend and holds stay.
-- KEYS    1 meta  2 key
-- ARGV    1 epoch  2 high-water mark of gen  3 version of the row  4 status  5 secret version  6 previous secret until (ms, 0: not)
--         7 expires at (ms, 0: never)  8 surfaces as |a|b| or ''  9 calls a minute or 0
--         10 to 13 limits FIXED, DAILY, WEEKLY, MONTHLY or -1
-- ANSWERS 1 Configured  -1 Fenced  -2 NotLoaded
-- KEEPS   the newest version that was ever written.
-- include guard.lua
-- include state.lua
local ok, gen, _, m = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local k = key_of(read(KEYS[2]), tonumber(ARGV[1]))
if not k then return {-2, gen} end
if k[K_VERSION] > tonumber(ARGV[3]) then return {1, gen} end
k[K_VERSION], k[K_ACTIVE], k[K_SECRET] = tonumber(ARGV[3]), ARGV[4] == 'active' and 1 or 0, tonumber(ARGV[5])
k[K_PREVIOUS], k[K_EXPIRES], k[SURFACES], k[K_RATE] = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9])
k[FIXED], k[DAY], k[WEEK], k[MONTH] = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12]), tonumber(ARGV[13])
write_key(KEYS[2], k)
return {1, written(KEYS[1], m)}
