# Runs one server and ends it when whoever started this script is gone, however that came about: kill -9 included.
# Arguments: stop signal, seconds of grace before SIGKILL, log file ('-': our own output), then the command.
# Standard input is a pipe that the parent holds open; its end means "stop". A line "after PID SECONDS" on it means
# "when told to stop, first let process PID end, that long at most", a line "remove DIRECTORY" "and leave nothing of that". The server's process id is the only line on standard error.
signal=$1 grace=$2 log=$3
shift 3
exec 3<&0
if [ "$log" = - ]; then
  "$@" </dev/null 2>&1 3<&- &
else
  "$@" </dev/null >>"$log" 2>&1 3<&- &
fi
server=$!
echo "$server" >&2
exec 2>/dev/null

await_end() { # process id, tenths of a second
  left=$2
  while [ "$left" -gt 0 ] && kill -0 "$1"; do
    sleep 0.1
    left=$((left - 1))
  done
}

(
  after=
  remove=
  while read -r word value; do
    case $word in
      after) after=$value ;;
      remove) remove=$value ;;
    esac
  done
  trap '' TERM # from here on we are needed to the end
  [ -n "$after" ] && await_end "${after% *}" $((${after#* } * 10))
  kill -s "$signal" "$server"
  kill -s CONT "$server"
  await_end "$server" $((grace * 10))
  kill -s KILL "$server"
  [ -n "$remove" ] && rm -rf "$remove"
) <&3 &
stopper=$!
exec 3<&-

trap 'kill -s "$signal" "$server"' HUP INT TERM
wait "$server"
code=$?
while kill -0 "$server"; do # a trapped signal ends "wait" early
  wait "$server"
  code=$?
done
kill "$stopper"
exit "$code"
