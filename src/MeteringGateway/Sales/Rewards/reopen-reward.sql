-- A refused credit changed nothing, so the same reward may be tried again.
update rewards
set status = 'pending'
where entry_id = @entryId and status = 'refused'
