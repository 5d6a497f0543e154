# Sourced by ./run and ./mg, which share one build: the gateway's program and the one of this machine (stores, demo providers), built where
# their sources are newer than the last build was.
# Both call it from the root of the repository.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
program=src/MeteringGateway/bin/Release/net10.0/MeteringGateway.dll
local_program=src/MeteringGateway.Local/bin/Release/net10.0/MeteringGateway.Local.dll
stamp=src/MeteringGateway/obj/built

# The sources are every file and folder below src, for a file that is gone leaves a newer folder behind.
is_built() {
  local newer
  [[ -f $program && -f $local_program && -f $stamp ]] || return 1
  newer=$(find src Directory.*.props global.json \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit) || return 1
  [[ -z $newer ]]
}

# A build that is there already is of no use without what runs it.
has_dotnet() {
  if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK 10 is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    return 1
  fi
}

build() {
  local output project
  if ! dotnet --version >/dev/null 2>&1; then
    echo "The .NET SDK 10 is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    return 1
  fi

  # The folders come first, or their making would look like a change; the stamp has the time at which the build began to read.
  for project in src/*/*.csproj; do
    mkdir -p "${project%/*}/bin" "${project%/*}/obj"
  done
  touch "$stamp.new"
  # Servers of the build that stay behind would outlive us.
  if ! output=$(dotnet build src/programs.slnf --configuration Release --nologo --verbosity quiet -nodeReuse:false -p:UseSharedCompilation=false </dev/null 2>&1); then
    echo "$output" >&2
    return 1
  fi

  mv "$stamp.new" "$stamp"
}

# Another ./run of this folder holds this lock for as long as it runs; the kernel drops it with the process.
is_running() {
  [[ -e .data/run.lock ]] && command -v flock >/dev/null && ! flock --nonblock .data/run.lock true
}
