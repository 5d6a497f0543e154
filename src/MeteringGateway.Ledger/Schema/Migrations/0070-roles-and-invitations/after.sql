do $$
begin
  if exists (select 1 from team_members where key_limit is null) then
    raise exception 'a member is left without a key limit';
  end if;
end $$;
