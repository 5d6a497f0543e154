select exists (
  select from accounts a left join usage_progress p on p.account_id = @account where a.id = @account and a.seq > coalesce(p.seq, 0));
