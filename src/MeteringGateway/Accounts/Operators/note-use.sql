-- Waits for nobody: where another request has the row, that one writes it.
update operators set last_used_at = @now where id in (select id from operators where id = @id for no key update skip locked)
