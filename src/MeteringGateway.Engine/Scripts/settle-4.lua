#!lua flags=allow-oom
-- Settle: a batch of operations that resolve or extend holds, which goes through under memory pressure too. It neither reserves nor admits.
-- KEYS    1 meta  2 holds  3 outbox  4 and on: as in calls-4
-- ARGV    1 the operations, packed (batch.lua says how)  2 and on: the hold id of each operation
-- ANSWERS 1 Done
--         then as in calls-4
-- KEEPS   what each operation keeps: an operation that can't be done is answered as such, and the others are done.
-- include batch.lua
return {1, table.concat(out), problem, unpack(records)}
