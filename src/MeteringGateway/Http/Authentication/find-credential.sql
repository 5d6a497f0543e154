-- Whether a secret is of a usable key or a session: a known caller that is only not an operator.
select exists (
  select 1
  from key_secrets s
  join keys k on k.id = s.key_id
  where s.hash = @hash
    and k.status = 'active'
    and (k.expires_at is null or k.expires_at > @now)
    and (s.version = k.secret_version or (s.version = k.secret_version - 1 and k.previous_secret_until > @now))
) or exists (
  select 1 from sessions where hash = @hash and expires_at > @now
)
