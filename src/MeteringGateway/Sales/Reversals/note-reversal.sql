-- A state goes one way, in whatever order the events of it come.
insert into payment_reversals (channel, reversal_id, kind, payment_id, amount_cents, currency, state)
values (@channel, @reversalId, @kind, @paymentId, @amountCents, @currency, @state)
on conflict (channel, reversal_id) do update
set state = excluded.state
where array_position(array['pending', 'effective', 'undone'], excluded.state)
  > array_position(array['pending', 'effective', 'undone'], payment_reversals.state)
