-- Of the gateways that read one file the first one writes; the others wait for it here, so that their next statement sees its entry.
select pg_advisory_xact_lock(1296498691, hashtext(@Target))
