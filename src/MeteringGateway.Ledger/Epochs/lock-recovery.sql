-- Lease on a partition's epoch. A gateway that is frozen in mid-recovery must not keep others out for ever: PostgreSQL ends its session,
-- and the lease with the session. When the gateway thaws, its scripts find a newer epoch and change nothing. Both settings are taken back
-- with the lease: the pool would do it only with the connection's next use, and the session's next user would inherit the timeout.
select set_config('idle_session_timeout', @silence, false), set_config('lock_timeout', '15000', false);
select pg_advisory_lock(@RecoveryLock, @partition);
