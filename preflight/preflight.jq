# The outputs of the preflight as lines name=value, by the control file that comes as a stream (jq -nr --stream); the
# line problem=… when it cannot be read. Arguments: $ecosystem, $aliases, $recovery_minutes, $run. Names, dates and
# breakers are read as src/domain reads them, and a test holds the two together.

def must(condition; $otherwise): if condition then . else error($otherwise) end;
def absent_or($kind): . == null or type == $kind;

# The one value of a file. Of a key said twice jq would take the last value, and the first may have been the stop.
def only_value:
  [inputs] as $events
  | [$events[] | if length == 2 then .[0] else .[0][:-1] end] as $paths
  | must([$paths[] | select(. == [])] | length == 1; "it is not one JSON value")
  | [$paths[] | select(length == 1 or .[0] == "circuit_breaker" or .[0] == "batchkeeper")]
  | [group_by(.)[] | select(length > 1)[0] | map(tostring) | join(".")] as $twice
  | must($twice == []; "key said twice: \($twice[0])")
  | fromstream($events[]);

def sound:
  must(type == "object"; "it is no object")
  | must((has("enabled") | not) or (.enabled | type == "boolean"); "enabled is neither true nor false")
  | must(.disabled_ecosystems | absent_or("array") and all(.[]?; type == "string");
      "disabled_ecosystems is no list of names")
  | must(.circuit_breaker | absent_or("object") and all(.[]?; absent_or("object"));
      "circuit_breaker is no object of breakers")
  | must(.batchkeeper | absent_or("object"); "batchkeeper is no object")
  | must(.batchkeeper.holds | absent_or("array") and all(.[]?; type == "object" and (.scope | type == "string"));
      "batchkeeper.holds is no list of holds")
  | must(.batchkeeper.breakers | absent_or("object")
      and all(.[]?; type == "object" and (.probe | absent_or("object")
        and (.lease | absent_or("object") or type == "string")));
      "batchkeeper.breakers is no object of breakers");

# Words of somebody in one line in which a runner finds no command; nothing when there are none.
def words:
  strings | .[0:300] | gsub("\\s+"; " ") | gsub("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]"; "?") | gsub("##\\["; "## [")
  | select(test("[^ ]"));

# Seconds since 1970; nothing for what is no date in UTC. The way there and back finds 30 February. (No `try`: that of
# jq 1.6 also swallows what fails later.)
def moment:
  strings | sub("(\\.[0-9]{1,9})?(Z|\\+00:00)\\z"; "Z") | . as $text
  | select(test("\\A[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\\z"))
  | fromdateiso8601 | select(todate == $text);

# The lease of a probe, "17352.1 until 2026-01-28T09:15:00Z", or the same as an object; null where there is none.
def lease: .lease | if type == "string" then split(" until ") | {run: .[0], until: .[1]} else . end;

# A breaker with the probe beside it, as {state, why}: why it lets no job start, null when it does.
def judged($probe):
  def open($why): {state: "open", why: "is \($why)"};
  def unreadable: open("unreadable, and counts as open until a person resets it");
  def due_at($at): if now < $at then open("open until \($at | todate)") else {state: "half-open", why: null} end;
  def count: if . == null then 0 elif type == "string" and test("\\A[0-9]+\\z") then tonumber else . end;
  (if .state == null then "closed" else .state end) as $state
  | ($probe | lease) as $lease
  | if (.failures | count | type != "number" or . != floor or . < 0 or . > 9007199254740991) then unreadable
    elif $state == "closed" then {state: $state, why: null}
    elif $state == "open" then first((.opens_at | moment | due_at(.)), open("open until a person resets it"))
    elif $state != "half-open" then unreadable
    elif $lease == null or $lease.run == $run then {state: $state, why: null}
    else
      first(($lease.until | moment), error("the lease of a probe has no date")) as $until
      # A lease from before the breaker was due is that of an earlier probe.
      | if any(.opens_at | moment; . >= $until) then {state: $state, why: null}
        elif now < $until then {state: $state, why: "is probed by another run until \($until | todate)"}
        else due_at($until + ($recovery_minutes | tonumber) * 60) end
    end;

([$aliases | ascii_downcase | scan("[^\\s=]+=[^\\s=]+") / "=" | {key: .[0], value: .[1]}] | from_entries) as $names
| def canonical: ascii_downcase | $names[.] // .;
  def all_names: . as $name | ., ($names | to_entries[] | select(.value == $name) | .key);

  # Who stopped a scope and why: a recorded hold knows best, else the words of the switches, which are of the latest
  # stop.
  def stopped($scope; $what):
    ([.batchkeeper.holds[]? | select((.scope | canonical) == $scope)] | sort_by(.kind != "security", .at)[0])
      // {by: .disabled_by, at: .disabled_at, reason}
    | [(.by | words | " by \(.)"), (.at | words | " since \(.)"), (.reason | words | ": \(.)")]
    | "\($what) stopped\(add // "")";

  try (
    only_value | sound
    | ($ecosystem | canonical) as $wanted
    # A switch that is not there says what the holds say.
    | (if has("disabled_ecosystems") then .disabled_ecosystems else [.batchkeeper.holds[]?.scope] - ["*"] end
        | [.[]? | canonical] | unique) as $disabled
    | (if has("enabled") then .enabled | not else any(.batchkeeper.holds[]?; .scope == "*") end) as $is_off
    | def breakers_of($name):
        (.batchkeeper.breakers // {}) as $extensions
        | .circuit_breaker // {} | to_entries[] | select($name != "" and (.key | canonical) == $name)
        | .key as $key | .value // {} | judged($extensions[$key].probe);
      [breakers_of($wanted)] as $breakers
    # What all ecosystems share has a breaker of its own, under a name that no ecosystem has.
    | first(breakers_of("infrastructure"), {why: null}) as $shared
    # A file that knows it under two names: what stops counts.
    | first(($breakers[] | select(.why != null)), ($breakers[] | select(.state != "closed")),
        {state: "closed", why: null}) as $breaker
    | [
        (select($is_off or any($disabled[]; . == "*")) | stopped("*"; "everything is")),
        (select($wanted != "" and any($disabled[]; . == $wanted)) | stopped($wanted; "\($wanted) is")),
        ($breaker.why | values | "the circuit breaker of \($wanted) \(.)"),
        ($shared.why | values | "the circuit breaker of the infrastructure \(.)")
      ] as $reasons
    | (.budget | objects | .sampling_active == true) // false
    | {
        proceed: ($reasons == []),
        skip: ($reasons != []),
        state: $breaker.state,
        reason: ($reasons | join("; ")),
        disabled: ([$disabled - ["*"] | .[] | all_names] | unique | tojson | gsub("##\\["; "\\u0023#[")),
        sampling: .,
        "batch-size-percent": (if . then 50 else 100 end)
      }
    | to_entries[] | "\(.key)=\(.value)"
  ) catch "problem=\(first((tostring | words), "it makes no sense"))"
