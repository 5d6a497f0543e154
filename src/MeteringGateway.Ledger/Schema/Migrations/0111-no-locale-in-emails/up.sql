-- email_key alone says which emails are one. This older index went by the locale that the database happens to have: under a Turkish one
-- INFO@ and ınfo@ were one address, under others İvan@ and ivan@, so that one person kept another out.
drop index accounts_email;
