-- Of a call whose charge is not to last: its commit is disputed still, or was taken back.
select exists (select from unsettled_calls where request_id = @requestId and outcome is distinct from 'free');
