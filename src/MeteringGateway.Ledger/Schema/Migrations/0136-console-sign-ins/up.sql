-- The keys that sign the console's form tokens, the same for all gateways. They protect no data at rest: who reads this table could make
-- a form token, and would still need the session that goes with it.
create table form_keys (
    name    text        primary key,
    xml     text        not null,
    made_at timestamptz not null
);

-- Operators who have signed in to the console. The operator's token is found again by its hash each time, so that what ends the token ends
-- this.
create table operator_sign_ins (
    hash       bytea       primary key,
    token_hash bytea       not null,
    made_at    timestamptz not null,
    expires_at timestamptz not null
);
