-- The person behind a session of the console, and the account that its pages show. A team's ends with the membership.
select coalesce(s.person_id, s.account_id) as PersonId,
       coalesce(p.email, w.email) as Email,
       coalesce(p.full_name, w.full_name) as FullName,
       s.account_id as WalletId,
       w.full_name as WalletName,
       case when s.person_id is null then 'owner' else m.role end as Role,
       (w.status = 'suspended' or coalesce(p.status, '') = 'suspended') as IsSuspended
from sessions s
join accounts w on w.id = s.account_id
left join accounts p on p.id = s.person_id
left join team_members m on m.team_id = s.account_id and m.account_id = s.person_id
where s.hash = @hash
  and s.expires_at > @now
  and (s.person_id is null or m.account_id is not null)
