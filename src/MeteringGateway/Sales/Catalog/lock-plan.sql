-- Two changes of one plan come one after the other. What it is, its products among it, is read by a statement after this one: that sees
-- what the change before has done, where a statement that waits for the lock sees only the plan's own row anew.
select id from plans where id = @id for no key update
