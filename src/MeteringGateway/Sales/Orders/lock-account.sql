-- Orders of one account come one after the other, so that of two whose credits fit only once one is refused.
select id from accounts where id = @accountId for no key update
