-- Rows that each flush updates: with room on their page the new version of a row stays there, and no index has to learn of it (a HOT
-- update). Pages that are full already get their room as their rows move away.
alter table accounts set (fillfactor = 80);
alter table key_spend set (fillfactor = 70);
alter table account_spend set (fillfactor = 70);
