#!lua flags=no-writes
-- Tells the identity of a partition: its epoch, its write sequence and the run_id of its server, all of one instant.
-- KEYS    1 meta
-- ARGV    none
-- ANSWERS 1 Told  2 OtherFormat
--         then epoch (0 while the partition is fenced or unknown, or was opened by a gateway from before its head was packed), gen
--         (the write sequence), and the run_id of the server. OtherFormat: it is packed as only a newer version of the gateway knows.
-- KEEPS   everything as it is.
-- include meta.lua
local packed, run_id = read(KEYS[1]), string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') or 'unknown'
local m = meta_of(packed)
if m then return {1, string.format('%.0f', m[M_EPOCH]), string.format('%.0f', m[M_GEN]), run_id} end
if is_newer(packed) then return {2, '0', '0', run_id} end
return {1, '0', '0', run_id}
