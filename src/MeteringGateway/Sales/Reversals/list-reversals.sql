-- Those of a payment, under whichever of its names the provider gave them. One in another currency is for a person.
select reversal_id as ReversalId, kind, amount_cents as AmountCents, state, booked
from payment_reversals
where channel = @channel and (currency is null or currency = @currency)
  and (payment_id = @paymentId or payment_id in (select alias from payment_aliases where channel = @channel and payment_id = @paymentId))
order by created_at, reversal_id
