#!/usr/bin/env bash
# Runs routellm gate for the GitHub Action: marks the rules that fail in the policy, adds the table
# to the job's summary, and ends with gate's exit code. action.yml says what the variables hold.
set -uo pipefail

work=$(mktemp -d "$RUNNER_TEMP/gate-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
summary=$work/summary.md
args=(--policy "$POLICY" --confidence "$CONFIDENCE" --annotations github --summary "$summary")
[ -z "$BASELINE" ] || args+=(--baseline "$BASELINE")
[ -z "$JUNIT" ] || args+=(--junit "$JUNIT")

routellm gate "${args[@]}" -- "$RESULTS"
code=$?
# Without a summary the gate did not get as far as a verdict, whatever its exit code.
if [ -f "$summary" ]; then cat "$summary" >>"$GITHUB_STEP_SUMMARY"; else code=2; fi
case $code in
	0) status=pass ;;
	1) status=fail ;;
	3) status=inconclusive ;;
	*)
		status=error
		echo "::error title=routellm gate::the gate could not be judged: its output says why"
		;;
esac
echo "status=$status" >>"$GITHUB_OUTPUT"
if [ $status = inconclusive ] && [ "$ALLOW_INCONCLUSIVE" = true ]; then code=0; fi
exit $code
