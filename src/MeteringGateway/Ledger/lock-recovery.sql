-- A gateway that is frozen in mid-recovery must not keep the others out for ever: its session ends, and the lock with it.
-- When it thaws, its scripts find a newer epoch and change nothing. Both settings go when the connection returns to the pool.
select set_config('idle_session_timeout', '10000', false), set_config('lock_timeout', '15000', false);
select pg_advisory_lock(@RecoveryLock, @partition);
