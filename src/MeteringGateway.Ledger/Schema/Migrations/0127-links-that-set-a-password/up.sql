-- A customer's way to a first password, or to a new one, where sign-up is closed: a link that an operator hands out.

create table welcome_links (
  account_id bigint      primary key references accounts,
  hash       bytea       not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table welcome_links is 'One an account: a newer link takes the older one''s place. hash: SHA-256 of the link''s secret (mgl_…). A link that was used is gone.';
