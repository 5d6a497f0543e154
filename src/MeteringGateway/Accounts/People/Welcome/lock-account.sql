-- The account before its link, as a binding that ends both does. Waits for a suspension that is under way.
select status from accounts where id = @accountId for no key update
