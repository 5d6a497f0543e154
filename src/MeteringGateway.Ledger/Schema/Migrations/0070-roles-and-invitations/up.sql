-- Who may do what in a team, who made a key, and invitations in place of people who are added unasked.

alter table team_members drop constraint team_members_role_check;
alter table team_members add constraint team_members_role_check check (role in ('owner', 'billing', 'member'));
alter table team_members add column key_limit bigint null default 100 check (key_limit >= 0);
comment on column team_members.key_limit is 'The highest limit that the member may give a key; null: an owner said that there is none. Owners and billing are not bound by it.';

alter table keys add column made_by bigint null references accounts;
comment on column keys.made_by is 'The account of the person who made the key; null: the operator.';
create index keys_made_by on keys (made_by) where made_by is not null;

-- What the trail knows of keys that are there already.
update keys k
set made_by = a.id
from audit t
join accounts a on t.actor = 'account:' || a.id
where t.action = 'key.created'
  and t.target = 'key:' || k.id;

create table team_invitations (
  id         bigint      generated always as identity primary key,
  team_id    bigint      not null references accounts,
  email      text        not null,
  email_key  text        not null,
  role       text        not null check (role in ('owner', 'billing', 'member')),
  invited_by bigint      null references accounts,
  status     text        not null default 'pending' check (status in ('pending', 'accepted', 'declined', 'withdrawn')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create unique index team_invitations_pending on team_invitations (team_id, email_key) where status = 'pending';
create index team_invitations_email on team_invitations (email_key) where status = 'pending';
comment on table team_invitations is 'A row for every email that was invited, whether or not anybody has it: the answer tells nothing. It counts only while whoever made it is an owner.';
comment on column team_invitations.invited_by is 'The owner who asked; null: the team''s own session.';
