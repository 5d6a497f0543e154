-- A poison message waits for an operator, who deletes its row; a disputed commit for its settlement. The open ones have an index.
select (select count(*) from poison_entries) as Poison,
       count(*) as Disputed,
       min(created_at) as DisputedSince
from unsettled_calls
where outcome is null;
