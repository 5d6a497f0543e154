-- The number of the format in which accounts and keys are packed (state.lua), as it stands before the epoch of a partition: a new format
-- is a new epoch, never a migration, since the states are a cache of the ledger.
local FORMAT = '1:'
