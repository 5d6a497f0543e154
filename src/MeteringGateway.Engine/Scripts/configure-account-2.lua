#!lua flags=allow-oom
-- Configures a loaded account from its row in PostgreSQL; its balance, spend and holds stay.
-- KEYS    1 meta  2 account
-- ARGV    1 epoch  2 high-water mark of gen  3 version of the row  4 status  5 monthly budget or -1
-- ANSWERS 1 Configured  -1 Fenced  -2 NotLoaded
-- KEEPS   the newest version that was ever written.
-- include guard.lua
-- include state.lua
local ok, gen, _, m = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local a = account_of(read(KEYS[2]), tonumber(ARGV[1]))
if not a then return {-2, gen} end
if a[A_VERSION] > tonumber(ARGV[3]) then return {1, gen} end
a[A_VERSION], a[A_ACTIVE], a[BUDGET] = tonumber(ARGV[3]), ARGV[4] == 'active' and 1 or 0, tonumber(ARGV[5])
write_account(KEYS[2], a)
return {1, written(KEYS[1], m)}
