#!lua flags=allow-oom
-- Credit or debit: adds to a balance, or takes from what is free of it, and appends the entry to the outbox. Once per idempotency key.
-- KEYS    1 meta  2 account  3 outbox  4 idempotency key of the entry id
-- ARGV    1 epoch  2 high-water mark of gen  3 account id  4 delta (credits, not 0, at most 10^12 either way)  5 entry tail (JSON)
--         6 attempt (from 1; a refused debit that is asked for anew is the next attempt)
-- ANSWERS 1 Credited  2 Duplicate  3 InsufficientCredits  4 BalanceTooLarge  -1 Fenced  -2 NotLoaded
-- KEEPS   held <= balance <= 10^15; the idempotency key stays until the ledger has had the entry for an hour.
--         A refused debit stays refused in this attempt and every earlier one: a late delivery must not find a fuller balance.
-- include guard.lua
-- include state.lua
local ok, gen, now, m = guard(KEYS[1], ARGV[1], ARGV[2])
if not ok then return {-1, gen} end
local a = account_of(read(KEYS[2]), tonumber(ARGV[1]))
if not a then return {-2, gen} end
local balance, held, delta = a[A_BALANCE], a[A_HELD], tonumber(ARGV[4])
if not string.find(ARGV[4], '^%-?%d+$') or delta == 0 or math.abs(delta) > 1000000000000 then
  return redis.error_reply('the delta is not a whole number up to 10^12')
end
-- Raises where the outbox can't take the entry, before anything is written.
redis.call('LLEN', KEYS[3])
local outcome = redis.pcall('GET', KEYS[4])
if type(outcome) == 'table' then return redis.error_reply('the idempotency key is malformed') end
local refused = outcome and string.match(outcome, '^refused:(%d+)$')
if refused and tonumber(ARGV[6]) <= tonumber(refused) then return {3, gen, now, balance, held} end
if outcome and not refused then return {2, gen, now, balance, held} end
if delta < 0 and balance - held + delta < 0 then
  redis.call('SET', KEYS[4], 'refused:' .. ARGV[6], 'EX', 3600)
  return {3, written(KEYS[1], m), now, balance, held}
end
if balance + delta > 1000000000000000 then return {4, gen, now, balance, held} end

redis.call('SET', KEYS[4], ARGV[4])
balance = balance + delta
a[A_BALANCE] = balance
write_account(KEYS[2], a)
local entries = redis.call('RPUSH', KEYS[3], string.format('%.0f|%s|%s||%s|%.0f||||', now, ARGV[1], ARGV[3], ARGV[4], balance) .. ARGV[5])
return {1, written(KEYS[1], m, entries), now, balance, held}
