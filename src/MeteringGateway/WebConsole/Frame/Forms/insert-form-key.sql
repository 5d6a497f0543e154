insert into form_keys (name, xml, made_at)
values (@name, @xml, @now)
