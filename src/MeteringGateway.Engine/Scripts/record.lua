-- An idempotency record: h|fingerprint|request id|hold id, without a hold id that of a claim (claim-4.lua), which ends by itself; or
-- c|fingerprint|request id|credits|balance after the charge.
-- Deletes the record where it is of that request, or can't be read and so binds nobody.
local function free_record(name, request_id)
  local record = read(name)
  if record and (string.match(record, '^%a|[^|]*|([^|]*)|') or request_id) == request_id then redis.call('DEL', name) end
end
