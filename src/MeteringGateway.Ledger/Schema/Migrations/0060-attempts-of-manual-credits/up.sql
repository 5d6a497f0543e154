-- A refused debit that is asked for anew is another attempt: Redis keeps refusing every send of the one that it has refused.

alter table manual_credits add column attempt int not null default 1;
comment on column manual_credits.attempt is 'Raised when a refused credit is asked for again under its reference. The entry id stays manual:<id>, so that at most one attempt is ever booked.';
