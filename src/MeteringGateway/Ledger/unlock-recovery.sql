select pg_advisory_unlock(@RecoveryLock, @partition)
