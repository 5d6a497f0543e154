-- Two statements: of a unique index each row is checked as it is written.
update payment_methods
set is_default = false
where account_id = @accountId and is_default and method_id <> @methodId
  and exists (select from payment_methods m where m.account_id = @accountId and m.method_id = @methodId);

update payment_methods
set is_default = true
where account_id = @accountId and method_id = @methodId
returning method_id
