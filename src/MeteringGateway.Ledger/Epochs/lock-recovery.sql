-- A gateway that is frozen in mid-recovery must not keep the others out for ever: its session ends, and the lock with it.
-- When it thaws, its scripts find a newer epoch and change nothing. Both settings are taken back with the lock: the pool would do it only
-- with the connection's next use, and a session that idles there until then would be ended under whoever takes it.
select set_config('idle_session_timeout', @silence, false), set_config('lock_timeout', '15000', false);
select pg_advisory_lock(@RecoveryLock, @partition);
