-- People who sign themselves in: passwords, teams that share a wallet, and subjects of an identity provider.

create table passwords (
  account_id bigint      primary key references accounts,
  hash       text        not null,
  changed_at timestamptz not null default now()
);
comment on table passwords is 'Salted and stretched by the framework''s hasher. An account without a row has no password and can''t sign in.';

create table team_members (
  team_id    bigint      not null references accounts,
  account_id bigint      not null references accounts,
  role       text        not null check (role in ('owner', 'member')),
  created_at timestamptz not null default now(),
  primary key (team_id, account_id),
  check (team_id <> account_id)
);
create index team_members_account on team_members (account_id);
comment on table team_members is 'Who shares the wallet of a team (an account of kind team). Owners say who is in it.';

alter table sessions add column person_id bigint null references accounts;
create index sessions_person on sessions (person_id) where person_id is not null;
comment on column sessions.person_id is 'The member who opened this session of a team; null: the account itself.';

create table oauth_subjects (
  issuer     text        not null,
  subject    text        not null,
  account_id bigint      not null references accounts,
  created_at timestamptz not null default now(),
  primary key (issuer, subject)
);
comment on table oauth_subjects is 'Bound when a subject first comes with the email of an account; from then on the subject alone decides, whatever email it shows.';
