-- A team's sessions that its members opened are theirs, and a member's sessions for teams are the member's.
delete from sessions
where ((account_id = @accountId and person_id is null) or person_id = @accountId)
  and hash <> @kept
