-- What was set aside of an account: a movement that Redis has made and the books will not have until an operator decides.
-- The packed form is occurred|epoch|account|key|delta|…; what is not even that belongs to nobody.
select count(*), coalesce(sum(case when split_part(raw, '|', 5) ~ '^-?[0-9]{1,18}$' then split_part(raw, '|', 5)::bigint end), 0)::bigint
from poison_entries
where partition = @partition and split_part(raw, '|', 3) = @account;
