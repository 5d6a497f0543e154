-- The hold of an unsettled call, whose id is not always the request's, and the windows in which it was reserved, so that its reversal
-- gives the credits back to the key's limits, too. Null for calls of before: the hold has the request's id, the reversal goes to the balance alone.

alter table unsettled_calls add column hold_id text null, add column day bigint null, add column week bigint null, add column month bigint null;
comment on column unsettled_calls.day is 'Days since 1970-01-01; week: from Monday since 1969-12-29; month: year * 12 + month - 1. As in key_spend.window_id.';
