#!lua flags=no-writes
-- Looks at an account and a key without changing anything.
-- KEYS    1 meta  2 account  3 key
-- ARGV    1 epoch  2 high-water mark of gen  3 version of the secret that was shown, '' to ask about no secret
--         4 '1' to ask about the key too  5 surface slug, '' to ask about none
-- ANSWERS 1 Active  -1 Fenced  -2 NotLoaded  10 InvalidKey  11 AccountSuspended  12 SurfaceNotAllowed
-- KEEPS   everything as it is.
-- include guard.lua
-- include windows.lua
-- include state.lua
local ok, gen, now = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local s = state(ARGV[1], KEYS[2], KEYS[3], windows(now))
if not s or (ARGV[4] == '1' and not s.key[1]) then return {-2, gen} end
if ARGV[3] ~= '' and not admits(s.key, tonumber(ARGV[3]), now) then return answer(10, gen, now, s) end
if s.status ~= 'active' then return answer(11, gen, now, s) end
if ARGV[5] ~= '' and s.key[5] ~= '' and not string.find(s.key[5], '|' .. ARGV[5] .. '|', 1, true) then return answer(12, gen, now, s) end
return answer(1, gen, now, s)
