#!lua flags=allow-oom
-- Drops the oldest entries of an outbox once the ledger has them, unless another flusher has trimmed first.
-- KEYS    1 outbox
-- ARGV    1 the head as it was read  2 how many entries the ledger has now  3 the last of them
-- ANSWERS 1 Trimmed  2 HeadMoved
-- KEEPS   every entry that the ledger does not have.
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] or redis.call('LINDEX', KEYS[1], ARGV[2] - 1) ~= ARGV[3] then return 2 end
redis.call('LTRIM', KEYS[1], ARGV[2], -1)
return 1
