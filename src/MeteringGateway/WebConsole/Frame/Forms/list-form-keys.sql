select xml from form_keys order by made_at
