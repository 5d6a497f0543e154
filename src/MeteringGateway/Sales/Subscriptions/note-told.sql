update subscriptions
set provider_ending = @isEnding
where id = @id
