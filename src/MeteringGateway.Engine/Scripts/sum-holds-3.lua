#!lua flags=no-writes
-- Sums the holds of an account: answers its balance, its held field and the sum of its holds, all of one instant.
-- KEYS    1 meta  2 account  3 holds
-- ARGV    1 epoch  2 high-water mark of gen  3 account id
-- ANSWERS 1 Summed  2 OtherFormat  -1 Fenced  -2 NotLoaded
-- KEEPS   everything as it is.
-- include guard.lua
-- include state.lua
-- include hold.lua
local ok, gen = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local a = account_of(read(KEYS[2]), tonumber(ARGV[1]))
if not a then return {-2, gen} end
local sum = 0
for _, packed in ipairs(redis.call('HVALS', KEYS[3])) do
  if of_another_format(packed) then return {2, gen, 0, 0, 0} end
  local account, _, amount = hold(packed)
  if account == ARGV[3] then sum = sum + tonumber(amount) end
end
return {1, gen, a[A_BALANCE], a[A_HELD], sum}
