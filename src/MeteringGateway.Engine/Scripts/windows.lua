-- The UTC calendar windows of an instant, by integer arithmetic alone:
-- days since 1970-01-01, weeks from Monday since 1969-12-29, months since year 0 (year * 12 + month - 1).
local function windows(now_ms)
  local day = math.floor(now_ms / 86400000)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return day, math.floor((day + 3) / 7), year * 12 + month - 1
end
