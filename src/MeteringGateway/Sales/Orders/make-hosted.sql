-- The charge needs its customer: from now on the order is paid on a page. Of one that was paid meanwhile nothing comes back.
update orders
set hosted = true, saves_method = true
where id = @id and status = 'pending'
returning id
