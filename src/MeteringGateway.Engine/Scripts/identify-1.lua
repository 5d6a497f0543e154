#!lua flags=no-writes
-- Tells the identity of a partition: its epoch, its write sequence and the run_id of its server, all of one instant.
-- KEYS    1 meta
-- ARGV    none
-- ANSWERS 1 Told
--         then epoch (0 while the partition is fenced or unknown), gen (the write sequence), and the run_id of the server.
-- KEEPS   everything as it is.
local m = redis.call('HMGET', KEYS[1], 'epoch', 'gen')
return {1, m[1] or '0', m[2] or '0', string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'}
