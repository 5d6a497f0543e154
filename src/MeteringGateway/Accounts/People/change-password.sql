-- In the place of the password that was verified, and of no other: of two changes at once the second has shown what is the password no
-- more.
update passwords
set hash = @hash, changed_at = now()
where account_id = @accountId
  and changed_at = @changedAt
