select id from accounts where id = @accountId for no key update
