-- What has ended goes with the next that begins.
delete from operator_sign_ins
where expires_at <= @now;

insert into operator_sign_ins (hash, token_hash, made_at, expires_at)
values (@hash, @tokenHash, @now, @expiresAt)
