-- Operators with names, beside the bootstrap token, so that the audit trail says who. A token is kept as its hash alone.

create table operators (
  id                  bigint      generated always as identity primary key,
  name                text        not null,
  access              text        not null check (access in ('full', 'read_only')),
  prefix              text        not null,
  token_hash          bytea       not null unique,
  previous_token_hash bytea       null unique,
  previous_token_until timestamptz null,
  expires_at          timestamptz null,
  last_used_at        timestamptz null,
  revoked_at          timestamptz null,
  created_at          timestamptz not null default now()
);
comment on table operators is 'Named operator tokens. Rows stay when they are revoked: the audit trail names them.';
comment on column operators.prefix is 'What may be shown of the token, to find a leaked one again.';
comment on column operators.last_used_at is 'To the minute.';

-- A name may be used again once its operator is revoked; Ada and ada would be one person to a reader of the audit trail.
create unique index operators_by_name on operators (lower(name)) where revoked_at is null;
