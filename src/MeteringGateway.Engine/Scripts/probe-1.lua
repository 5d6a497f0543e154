#!lua
-- Write probe: finds out whether Redis would take a hold. As reserve, it is refused where the disk is full, memory short or the server
-- a replica.
-- KEYS    1 probe
-- ARGV    none
-- ANSWERS 1 Written
-- KEEPS   all that is money; its own key expires after a minute.
redis.call('SET', KEYS[1], '', 'EX', 60)
return {1}
