-- The account whose wallet an unended session opens, and the person that opened the session. A session of a team ends with the membership.
select s.account_id as WalletAccountId,
       coalesce(s.person_id, s.account_id) as AccountId,
       (w.status = 'suspended' or coalesce(p.status, '') = 'suspended') as IsSuspended,
       case when s.person_id is null then 'owner' else m.role end as Role
from sessions s
join accounts w on w.id = s.account_id
left join accounts p on p.id = s.person_id
left join team_members m on m.team_id = s.account_id and m.account_id = s.person_id
where s.hash = @hash
  and s.expires_at > @now
  and (s.person_id is null or m.account_id is not null)
