#!lua flags=no-writes
-- Looks at an account and a key without changing anything.
-- KEYS    1 meta  2 account  3 key
-- ARGV    1 epoch  2 high-water mark of gen  3 version of the secret that was shown, '' to ask about no secret
--         4 '1' to ask about the key too  5 surface slug, '' to ask about none
-- ANSWERS 1 Active  -1 Fenced  -2 NotLoaded  10 InvalidKey  11 AccountSuspended  12 SurfaceNotAllowed
--         then now and the snapshot (state.lua); without a key its windows are 0 and its limits none.
-- KEEPS   everything as it is.
-- include guard.lua
-- include windows.lua
-- include state.lua
local ok, gen, now = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local a, k = account_of(read(KEYS[2]), tonumber(ARGV[1])), key_of(read(KEYS[3]), tonumber(ARGV[1]))
if not a or (ARGV[4] == '1' and not k) then return {-2, gen} end
roll_windows(a, k, windows(now))
local function answer(code)
  local none = {}
  for i = 1, KEY_NUMBERS do none[i] = 0 end
  none[FIXED], none[DAY], none[WEEK], none[MONTH] = -1, -1, -1, -1
  local told = {struct.unpack(SNAPSHOT, snapshot(code, a, k or none))}
  told[#told] = nil
  table.insert(told, 2, gen)
  table.insert(told, 3, now)
  return told
end
if ARGV[3] ~= '' and not (k and admits(k, tonumber(ARGV[3]), now)) then return answer(10) end
if a[A_ACTIVE] ~= 1 then return answer(11) end
if ARGV[5] ~= '' and k and not allows(k, ARGV[5]) then return answer(12) end
return answer(1)
