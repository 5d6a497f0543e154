-- Changes of one account's payment methods come one after the other, so that it has one default at most.
select id from accounts where id = @accountId for no key update
