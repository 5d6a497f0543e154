#!lua flags=allow-oom
-- Forgets an account or a key while its partition is fenced; it is loaded from the ledger on its next use.
-- KEYS    1 meta  2 account or key
-- ARGV    1 the epoch that the partition was fenced for
-- ANSWERS 1 Forgotten  2 Outrun
-- KEEPS   what an open partition knows.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 2 end
redis.call('DEL', KEYS[2])
return 1
