-- End of the lease. The settings go first: the session must not idle under them once it is back in the pool.
reset idle_session_timeout;
reset lock_timeout;
select pg_advisory_unlock(@RecoveryLock, @partition);
