#!lua flags=no-writes
-- Tells the identity of a partition: its epoch, its write sequence and the run_id of its server, all of one instant.
-- KEYS    1 meta
-- ARGV    none
-- ANSWERS 1 Told  2 OtherFormat
--         then epoch (0 while the partition is fenced or unknown, or was opened by a gateway from before formats had numbers), gen
--         (the write sequence), and the run_id of the server. OtherFormat: its states are of a format that only another version knows.
-- KEEPS   everything as it is.
-- include format.lua
local m = redis.call('HMGET', KEYS[1], 'epoch', 'gen')
local format, epoch = string.match(m[1] or '', '^(%d+:)(%d+)$')
local run_id = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'
if format and format ~= FORMAT then return {2, epoch, m[2] or '0', run_id} end
return {1, epoch or '0', m[2] or '0', run_id}
