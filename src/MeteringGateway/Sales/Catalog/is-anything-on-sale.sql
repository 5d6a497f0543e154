select exists (select from packages where active) or exists (select from plans where active)
