#!lua flags=no-writes
-- Tells the time of Redis: holds expire and windows roll by this clock.
-- KEYS    1 meta
-- ARGV    1 epoch  2 high-water mark of gen
-- ANSWERS 1 Told  -1 Fenced
-- KEEPS   everything as it is.
-- include guard.lua
local ok, gen, now = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
return {1, gen, now}
