insert into poison_entries (partition, raw, reason)
select @partition, p.raw, p.reason from unnest(@raws, @reasons) as p (raw, reason)
on conflict (partition, md5(raw)) do nothing;
