-- As a first binding takes it before it ends anything: that comes before this, and the look that follows finds nothing, or waits until all
-- is there that it has to end.
select id from accounts where id = @personId for no key update
