-- How an identity came to its account: by an email that the provider calls verified, or from a session of the account.

alter table oauth_subjects add column by_email boolean not null default true;
comment on column oauth_subjects.by_email is 'The provider vouched for the account''s own email. Then no other identity gets the account by that email alone.';
create index oauth_subjects_account on oauth_subjects (account_id);

-- Notices of more kinds than crossings come from several sides; each knows its own, so that one list of them here would only be in the way.
alter table notices drop constraint if exists notices_type_check;
