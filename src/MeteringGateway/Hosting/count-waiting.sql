-- What waits for somebody. Each count stops at a bound, so that a page about a flood does not become a part of it.
select current_setting('server_version') as Version,
       (select count(*) from (select from notice_queue limit @most) as counted) as NoticeQueue,
       (select count(*) from (select from webhook_deliveries where status = 'pending' limit @most) as counted) as WebhooksPending,
       (select count(*) from (select from webhook_deliveries where status = 'dead' limit @most) as counted) as WebhooksDead,
       (select count(*) from (select from poison_entries limit @most) as counted) as PoisonEntries,
       (select count(*) from (select from unsettled_calls where outcome is null limit @most) as counted) as DisputedCalls,
       (select min(created_at) from unsettled_calls where outcome is null) as DisputedSince
