-- The charge needs its customer: from now on the order is paid on a page. Once: of two that try, both find it so.
update orders
set hosted = true, saves_method = true
where id = @id and status = 'pending'
