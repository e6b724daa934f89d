#!/usr/bin/env bash
# Stops or resumes batches by a commit to the control file, as section 2 of the runbook does by hand, without the app.
# Runs in a checkout of the repository; break-glass.yml says with what, docs/preflight.md by which rules. Needs bash,
# git and jq.
#
# It changes the switches and the words that go with them, nothing else: Batchkeeper takes them over as holds, or as the
# end of holds, when it is back. Nothing that a person typed gets into the commit message, except names that were
# checked.
set -efuo pipefail
export LC_ALL=C

run_url="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID"

main() {
  local attempt plan problem=""
  check_inputs
  for attempt in 1 2 3 4 5; do
    ((attempt == 1)) || sleep "$attempt"
    if ! git fetch --quiet origin "refs/heads/$BRANCH"; then
      problem="the branch $BRANCH could not be fetched"
      continue
    fi
    git reset --quiet --hard FETCH_HEAD
    find_file
    plan="$(make_plan <"$CONTROL_FILE")" || refuse "jq could not read $CONTROL_FILE"
    case "$(jq -r .kind <<<"$plan")" in
      refused) refuse "$(jq -r .message <<<"$plan")" ;;
      unchanged) finish "Nothing to do. $(jq -r .message <<<"$plan")" ;;
    esac
    commit "$plan"
    git push --quiet origin "HEAD:refs/heads/$BRANCH" || true
    # What the branch says counts, not the answer to the push, which may have been lost. When somebody else got there
    # first, the change is made again, to what is there now.
    case "$(git ls-remote origin "refs/heads/$BRANCH" | cut -f1)" in
      "$(git rev-parse HEAD)") finish "Done. $(jq -r .message <<<"$plan")" ;;
      "$(git rev-parse HEAD^)") refuse "the branch takes no push, so let GitHub Actions bypass its rules" ;;
      "") problem="the branch $BRANCH could not be read" ;;
      *) problem="somebody else pushed each time" ;;
    esac
  done
  tell error "Not done, as far as is known: $problem. Run it again."
  exit 1
}

check_inputs() {
  local name
  [[ $ACTION == stop || $ACTION == resume ]] || refuse "the action is neither stop nor resume"
  [[ $GITHUB_ACTOR =~ ^[A-Za-z0-9_-]+(\[bot\])?$ && $GITHUB_ACTOR_ID =~ ^[0-9]+$ ]] || refuse "nobody knows who asks"
  [[ $CONTROL_FILE =~ ^[A-Za-z0-9._/-]+$ && $CONTROL_FILE != /* && /$CONTROL_FILE/ != */../* ]] ||
    refuse "CONTROL_FILE is no path inside the repository"
  [[ $SCOPE =~ [^,[:space:]] ]] || refuse "the scope is empty: name ecosystems, or all"
  for name in ${SCOPE//,/ }; do
    [[ $name == "*" || $name =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ ]] ||
      refuse "the scope has a name that no ecosystem can have: $(printf '%q' "${name:0:60}")"
  done
  # What was right when it was typed may be wrong now. A stop can be repeated without harm.
  [[ $ACTION == stop || ${GITHUB_RUN_ATTEMPT:-1} == 1 ]] ||
    refuse "a resume is not run again: start it anew if it is still meant"
}

# The file as it is or, when somebody deleted it, as it was before; a repository that never had one gets one.
find_file() {
  local deletion
  [[ ! -L $CONTROL_FILE && (! -e $CONTROL_FILE || -f $CONTROL_FILE) ]] || refuse "$CONTROL_FILE is a folder or a link"
  [[ ! -f $CONTROL_FILE ]] || return 0
  [[ $(git rev-parse --is-shallow-repository) == false ]] || git fetch --quiet --unshallow origin "refs/heads/$BRANCH"
  deletion="$(git rev-list -1 HEAD -- "$CONTROL_FILE")"
  if [[ -n $deletion ]]; then
    git checkout --quiet "$deletion^" -- "$CONTROL_FILE"
  else
    mkdir -p "$(dirname "$CONTROL_FILE")"
    echo '{"enabled": true}' >"$CONTROL_FILE"
  fi
}

# What to do with the control file on standard input: {kind: changed, file, subject, message}, {kind: unchanged,
# message} or {kind: refused, message}. A message may hold words of the file: it is one line.
make_plan() {
  jq -n --stream --arg action "$ACTION" --arg scope "$SCOPE" --arg typed "$REASON" --arg by "$GITHUB_ACTOR" \
    --arg run_url "$run_url" --arg aliases "${ALIASES:-}" --arg lift_others "${LIFT_HOLDS_OF_OTHERS:-false}" '
    def words($length):
      strings | .[0:$length] | gsub("\\s+"; " ") | gsub("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]"; "?")
      | gsub("##\\["; "## [") | sub("\\A *(::)?"; "") | sub(" +\\z"; "");
    def refused($why): {kind: "refused", message: $why};
    def list: map(if . == "*" then "everything" else words(64) end) | join(", ");

    ([$aliases | ascii_downcase | scan("[^\\s=]+=[^\\s=]+") / "=" | {key: .[0], value: .[1]}] | from_entries) as $names
    | def canonical: ascii_downcase | $names[.] // .;
    def stopped: [(select(.enabled == false) | "*"), (.disabled_ecosystems[] | canonical)] | unique;

    # The file with switches: one that is not there says what the recorded holds say. Writing it must not lift those.
    def with_switches:
      [.batchkeeper.holds[]?.scope] as $held
      | .disabled_ecosystems = (if has("disabled_ecosystems") then .disabled_ecosystems // [] else $held - ["*"] end)
      | .enabled = (if has("enabled") then .enabled else any($held[]; . == "*") | not end);

    def stop($scopes; $reason):
      (stopped) as $before
      | ($scopes - $before) as $new
      | ((.circuit_breaker // {} | keys | map(canonical)) + $before + ["*"]) as $known
      | if $new == [] then {kind: "unchanged", message: "Already stopped: \($scopes | list)."}
        else {
          kind: "changed",
          subject: (if any($new[]; . == "*") then "emergency stop batch processing"
            else "disable \($new | join(", ")) batch processing" end),
          message: ("Stopped: \($new | list)." + ($new - $known
            | if . == [] then "" else " Not known to the control file, so look for a typing error: \(list)." end)),
          file: (
            (if any($new[]; . == "*") then .enabled = false else . end)
            | .disabled_ecosystems = (.disabled_ecosystems + ($new - ["*"]) | unique)
            | .reason = $reason
            | .incident_url = first(($reason | match("https?://[^\\s<>\"\\x27`()\\[\\]]+").string), $run_url)
            | .disabled_by = $by
            | .disabled_at = (now | floor | todate)
            | .expected_resume = ""
          )
        } end;

    def resume($scopes):
      (stopped) as $before
      | [$scopes[] | select(. as $scope | any($before[]; . == $scope))] as $lifted
      | [.batchkeeper.holds[]? | select(.scope | canonical | . as $scope | any($lifted[]; . == $scope))] as $ending
      | [$ending[] | select(.kind != "operator" or (.by | tostring | ascii_downcase) != ($by | ascii_downcase))]
        as $of_others
      | ($ending | map("\(.id) (\(.kind), by \(.by))") | join(", ") | words(2000)) as $shown
      | if $lifted == [] then {kind: "unchanged", message: "Not stopped: \($scopes | list)."}
        elif any($ending[]; .kind == "security") then
          refused("a security hold takes two people to lift, by a reviewed pull request: \($shown)")
        elif $of_others != [] and $lift_others != "true" then
          refused("holds of others would end with it, which the box lift-holds-of-others allows: \($shown)")
        else
          (if any($lifted[]; . == "*") then .enabled = true else . end)
          | .disabled_ecosystems |= map(select(canonical | . as $scope | any($lifted[]; . == $scope) | not))
          | stopped as $left
          | if $left != [] then .
            else . + {reason: "", incident_url: "", disabled_by: "", disabled_at: "", expected_resume: ""} end
          | {
              kind: "changed",
              subject: (if any($lifted[]; . == "*") then "re-enable batch processing"
                else "re-enable \($lifted | join(", ")) batch processing" end),
              message: ("Resumed: \($lifted | list)."
                + (if $ending == [] then "" else " These holds end: \($shown)." end)
                + (if $left == [] then "" else " Still stopped: \($left | list)." end)),
              file: .
            }
        end;

    [inputs] as $events
    | [$events[] | if length == 2 then .[0] else .[0][:-1] end
        | select(length < 2 or .[0] == "circuit_breaker" or .[0] == "batchkeeper")] as $paths
    | if [$paths[] | select(. == [])] | length != 1
      then refused("the control file is not one JSON value: mend it first")
      elif ($paths | unique | length) != ($paths | length)
      then refused("the control file says a key twice: mend it first")
      else
        fromstream($events[])
        | ([$scope | gsub(","; " ") | scan("\\S+") | canonical | if . == "all" or . == "everything" then "*" else . end]
            | unique) as $scopes
        | ($typed | words(500)) as $reason
        | if $reason == "" then refused("a reason is needed")
          elif type != "object" or (has("enabled") and (.enabled | type) != "boolean")
            or (.disabled_ecosystems | . != null and (type != "array" or any(.[]; type != "string")))
          then refused("enabled or disabled_ecosystems of the control file makes no sense: mend it first")
          else with_switches | if $action == "stop" then stop($scopes; $reason) else resume($scopes) end
          end
      end'
}

# The message is that of the runbook. It has no words of a person, because GitHub acts on some, such as "fixes #1".
commit() {
  jq .file <<<"$1" >"$CONTROL_FILE"
  git add --force -- "$CONTROL_FILE"
  GIT_AUTHOR_NAME="$GITHUB_ACTOR" GIT_AUTHOR_EMAIL="$GITHUB_ACTOR_ID+$GITHUB_ACTOR@users.noreply.github.com" \
    GIT_COMMITTER_NAME="github-actions[bot]" \
    GIT_COMMITTER_EMAIL="41898282+github-actions[bot]@users.noreply.github.com" \
    git commit --quiet --file=- <<EOT
chore: $(jq -r .subject <<<"$1")

reason: see $run_url
incident_url: $run_url
Requested-By: $GITHUB_ACTOR ($GITHUB_ACTOR_ID)
EOT
}

finish() {
  tell notice "$1"
  exit 0
}

refuse() {
  tell error "Nothing was changed: $1."
  exit 1
}

tell() {
  echo "::$1 title=Batch break-glass::${2//%/%25}"
  printf '%s\n\n' "### Batch break-glass: $ACTION" "\`${2//\`/\'}\`" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

main
