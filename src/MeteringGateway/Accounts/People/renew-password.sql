-- The same password, hashed anew: only in the place of the hash that was verified. One that was changed or taken away meanwhile is not
-- brought back. It counts as the same password: changed_at stays.
update passwords
set hash = @newHash
where account_id = @accountId
  and hash = @hash
