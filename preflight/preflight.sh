#!/usr/bin/env bash
# Whether a batch job may run, by what the control file says. Inputs and outputs are described in action.yml, the rules
# in docs/preflight.md. Needs bash 3.2 and jq 1.6, the oldest that runners have.
#
# What cannot be read or understood stops, and a stop is an answer, not a failure. Every value is one line, and nothing
# from outside begins one: so no text can add an output or command the runner.
set -efuo pipefail
export LC_ALL=C

checkout="${CHECKOUT:-.}"
control_file="${CONTROL_FILE:-batch-control.json}"
ecosystem="${ECOSYSTEM:-}"
aliases="${ALIASES-cargo=crates.io}"
recovery_minutes="${RECOVERY_MINUTES:-60}"
fail_on_stop="${FAIL_ON_STOP:-false}"

main() {
  local problem answer
  problem="$(problem_with_inputs)"
  [[ -n $problem ]] || problem="$(problem_with_file)"
  if [[ -n $problem ]]; then
    answer="$(unknown "$problem")"
  elif ! answer="$(decide <"$checkout/$control_file")" || [[ -z $answer ]]; then
    answer="$(unknown "jq could not read $control_file")"
  elif [[ $answer == problem=* ]]; then
    answer="$(unknown "$control_file cannot be read: ${answer#problem=}")"
  fi
  printf '%s\n' "$answer" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
  report "$answer"
}

# Inputs come from workflow authors and, through them, from whoever starts a workflow. What passes is safe to show.
problem_with_inputs() {
  local pair
  if [[ ! $control_file =~ ^[A-Za-z0-9._/-]{1,200}$ || $control_file == /* || /$control_file/ == */../* ]]; then
    echo "the input control-file is no path inside the repository: $(shown "$control_file")"
  elif [[ ! $ecosystem =~ ^[A-Za-z0-9._-]{0,64}$ ]]; then
    echo "the input ecosystem is not one name of letters, digits, dots, - and _: $(shown "$ecosystem")"
  elif [[ ! $recovery_minutes =~ ^[0-9]{1,6}$ ]]; then
    echo "the input recovery-minutes is no number of minutes: $(shown "$recovery_minutes")"
  elif [[ $fail_on_stop != true && $fail_on_stop != false ]]; then
    echo "the input fail-on-stop is neither true nor false: $(shown "$fail_on_stop")"
  else
    for pair in $aliases; do
      [[ $pair =~ ^[A-Za-z0-9._-]+=[A-Za-z0-9._-]+$ ]] && continue
      echo "the input aliases wants alias=name, separated by blanks: $(shown "$pair")"
      break
    done
  fi
}

# A refused value in one line of ASCII, whatever it is.
shown() {
  printf '%q' "${1:0:60}"
}

problem_with_file() {
  local path="$checkout/$control_file"
  if ! command -v jq >/dev/null; then
    echo "jq is not installed on this runner"
  elif [[ ${FETCHED:-success} != success ]]; then
    echo "the default branch could not be fetched: does the job have the permission contents: read?"
  elif [[ -L $path || (-e $path && ! -f $path) ]]; then
    echo "$control_file is a folder or a link, not a file"
  elif [[ ! -f $path ]]; then
    echo "there is no $control_file on the default branch; {\"enabled\": true} would do"
  fi
}

# The answer when there is nothing to answer by: nobody knows, so nothing runs.
unknown() {
  printf '%s\n' proceed=false skip=true state=open "reason=cannot tell whether batches may run: $1" \
    'disabled=[]' sampling=false batch-size-percent=100
}

# The outputs by the control file on standard input, or one line problem=…
decide() {
  jq -nr --stream --arg ecosystem "$ecosystem" --arg aliases "$aliases" --arg recovery_minutes "$recovery_minutes" \
    --arg run "${GITHUB_RUN_ID:-}.${GITHUB_RUN_ATTEMPT:-}" -f "$(dirname "$0")/preflight.jq" | tr -d '\r'
}

# Tells people what the outputs say: in the log, on the page of the run, and by the exit code where that is asked for.
report() {
  local name value proceed="" state="" reason="" percent="" level=warning
  local what="${ecosystem:-everything that is not stopped by name}"
  while IFS='=' read -r name value; do
    case "$name" in
      proceed) proceed="$value" ;;
      state) state="$value" ;;
      reason) reason="$value" ;;
      batch-size-percent) percent="$value" ;;
    esac
  done <<<"$1"
  if [[ $proceed == true ]]; then
    summarize "Batches may run: $what." \
      "$([[ $state != half-open ]] || echo "The circuit breaker is half-open: this run is the probe.")" \
      "$([[ $percent == 100 ]] || echo "The budget asks for sampling: batches of $percent % of their usual size.")"
    return
  fi
  [[ $fail_on_stop != true ]] || level=error
  echo "::$level title=Batch stopped::${reason//%/%25}"
  summarize "**Stopped.** \`${reason//\`/\'}\`" \
    "A comment \`/batch status\` on any issue shows everything that is in the way, \`/batch resume\` lifts a hold."
  [[ $fail_on_stop != true ]] || exit 1
}

summarize() {
  printf '%s\n\n' "### Batch preflight" "$@" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

main
