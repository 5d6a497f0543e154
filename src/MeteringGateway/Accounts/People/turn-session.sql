-- A session of the console shows another wallet of the same person: its own, or that of a team which it is in now.
update sessions
set account_id = @walletId,
    person_id = case when @walletId = @personId then null else @personId end
where hash = @hash
  and coalesce(person_id, account_id) = @personId
  and (@walletId = @personId
       or exists (select from team_members where team_id = @walletId and account_id = @personId))
