#!lua flags=no-writes
-- Tells whose a partition is: what it was last opened as, and the process that has it now. One look, so that both are of the same server.
-- KEYS    1 meta
-- ARGV    none
-- ANSWERS 1 Told
--         then epoch (0 while it is fenced or unknown), gen, and the run id of the server.
-- KEEPS   everything as it is.
local m = redis.call('HMGET', KEYS[1], 'epoch', 'gen')
return {1, m[1] or '0', m[2] or '0', string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'}
