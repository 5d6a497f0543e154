#!lua flags=allow-oom
-- Drops the oldest entries of an outbox once the ledger has them, unless another flusher has trimmed first, and notes what the ledger has.
-- KEYS    1 outbox  2 committed
-- ARGV    1 the head as it was read  2 how many entries the ledger has now  3 the last of them
--         4 the write sequence that was committed with them
-- ANSWERS 1 Trimmed  2 HeadMoved
-- KEEPS   every entry that the ledger does not have. The note never falls; one that can't be read is replaced.
local head, last = redis.call('LINDEX', KEYS[1], 0), redis.call('LINDEX', KEYS[1], ARGV[2] - 1)
local noted = redis.pcall('GET', KEYS[2])
if tonumber(ARGV[4]) > (type(noted) == 'string' and tonumber(noted) or 0) then redis.call('SET', KEYS[2], ARGV[4]) end
if head ~= ARGV[1] or last ~= ARGV[3] then return 2 end
redis.call('LTRIM', KEYS[1], ARGV[2], -1)
return 1
