#!/usr/bin/env bash
# The operator's command: the verbs of the gateway's program, and those of this machine, from the build that ./run uses. "./mg --help"
# lists them.
set -euo pipefail

# It may be called through a link that stands on the PATH; files are named from where the caller stands.
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
caller=$PWD
cd "$here"
source src/build.sh
has_dotnet
# The files of a gateway that runs must stay as they are; its own build fits it best, too.
if ! is_built && ! { [[ -f $program && -f $local_program ]] && is_running; }; then
  echo "Building …" >&2
  build
fi

# What ./run keeps: the operator's token and where the gateway is.
export METERING_DATA="${METERING_DATA:-$here/.data}"
cd "$caller"
if [[ -z "${GATEWAY_CONFIG:-}" && ! -e config/gateway.json ]]; then
  export GATEWAY_CONFIG="$here/config/gateway.json"
fi
case ${1:-} in
  up) exec dotnet "$here/$local_program" up "$here/$program" "${@:2}" ;;
  setup | demo-provider) exec dotnet "$here/$local_program" "$@" ;;
  '' | -h | --help | '-?')
    dotnet "$here/$program" "$@"
    echo "On this machine (./mg VERB --help): up, which is what ./run calls; setup; demo-provider."
    ;;
  *) exec dotnet "$here/$program" "$@" ;;
esac
