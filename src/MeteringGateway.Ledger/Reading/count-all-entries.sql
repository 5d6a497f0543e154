-- An account's entries run from 1 without a gap, so their number is its head's.
select coalesce(sum(seq), 0)::bigint from accounts;
