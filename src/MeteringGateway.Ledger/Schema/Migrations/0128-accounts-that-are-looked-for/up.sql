-- What operators know of an account that they look for: the beginning of its email, or the part of a key that is shown. The operator class
-- makes "like 'ada%'" a range of the index whatever the database's collation is.
create index accounts_email_beginning on accounts (email_key text_pattern_ops);
create index keys_prefix_beginning on keys (prefix text_pattern_ops);
