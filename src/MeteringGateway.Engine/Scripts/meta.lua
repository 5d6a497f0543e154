-- The head of a partition, one string: the number of the format in which heads and states are packed, then as doubles the epoch (0: the
-- partition is fenced, or was never opened), the write sequence (gen), the epoch that it is fenced for (0: it is not), the most entries
-- that its outbox may have (its length at the last entry: it only shrinks until the next), and a shift of the clock (ms), which tests set.
-- A new format is a new epoch, never a migration, since the states are a cache of the ledger: a gateway that packs otherwise passes no
-- fencing check.
local FORMAT = 1
local META, META_LENGTH = '<Bddddd', 41
local M_EPOCH, M_GEN, M_FENCE, M_ENTRIES, M_SHIFT = 2, 3, 4, 5, 6
local function meta_of(packed)
  if type(packed) ~= 'string' or #packed ~= META_LENGTH or string.byte(packed) ~= FORMAT then return nil end
  return {struct.unpack(META, packed)}
end
-- Is it a head of a format above ours? Formats are numbers below 32: a text is none.
local function is_newer(packed)
  local format = packed and string.byte(packed) or 0
  return format > FORMAT and format < 32
end
local function pack_meta(m) return struct.pack(META, unpack(m, 1, 6)) end

-- Whatever stands under a name; nil where that is no string.
local function read(name)
  local packed = redis.pcall('GET', name)
  return type(packed) == 'string' and packed or nil
end
