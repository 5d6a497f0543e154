update unsettled_calls set outcome = @outcome, settled_at = now() where request_id = @requestId and outcome is null;
