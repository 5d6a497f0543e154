#!lua flags=no-writes
-- Tells whether the outbox may have an entry of one of these accounts: then the ledger is to be asked about them after a flush only.
-- KEYS    1 meta  2 outbox
-- ARGV    1 epoch  2 high-water mark of gen  3 and on: account ids
-- ANSWERS 1 Clear  2 Waiting  -1 Fenced
--         Waiting: an entry of one of them waits, or one that can't be read, or so many that a flush takes less than to look at them.
-- KEEPS   everything as it is.
-- include guard.lua
local ok, gen = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
if redis.call('LLEN', KEYS[2]) > 2000 then return {2, gen} end
local asked = {}
for i = 3, #ARGV do asked[ARGV[i]] = true end
for _, entry in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do
  local account = string.match(entry, '^%d+|%d+|(%d+)|')
  if not account or asked[account] then return {2, gen} end
end
return {1, gen}
