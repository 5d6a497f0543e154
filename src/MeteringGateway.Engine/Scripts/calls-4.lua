#!lua
-- Calls: a batch of operations on calls (reserve, commit, release, extend, admit), in the order in which they were asked for.
-- KEYS    1 meta  2 holds  3 outbox  4 and on: with more partitions all heads come first, then all holds, then all outboxes; then
--         accounts, keys and idempotency keys; all of one slot on a cluster
-- ARGV    1 the operations, packed (batch.lua says how)  2 and on: the hold id of each operation
-- ANSWERS 1 Done
--         then the answers of the operations, packed (batch.lua says how), what went wrong in a partition, and idempotency records.
-- KEEPS   what each operation keeps: an operation that can't be done is answered as such, and the others are done.
-- Under memory pressure Redis refuses it before its first write, for it makes holds; settle-4 is the same without reserve and admit.
-- include batch.lua
return {1, table.concat(out), problem, unpack(records)}
