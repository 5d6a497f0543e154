update reversal_movements
set status = 'applied', moved = @moved
where entry_id = @entryId
