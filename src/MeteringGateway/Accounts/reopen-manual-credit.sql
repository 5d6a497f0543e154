-- A refused credit changed nothing, so the same reference may try again.
update manual_credits
set status = 'pending'
where id = @id and status = 'refused'
