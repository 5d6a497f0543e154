-- Nothing of it has moved: it waits for the movement that it undoes.
update reversal_movements
set amount = amount - @forgiven
where entry_id = @entryId and status = 'pending'
