#!/usr/bin/env bash
# Chooses where the GitHub Action gets routellm from: the path, a release, or the action's source.
# action.yml says what the variables hold.
set -euo pipefail

release='^v[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?$'

# shellcheck disable=SC2153 # the variables come from action.yml
version=$VERSION
if [ -n "$version" ]; then
	[[ $version =~ $release ]] || { echo "::error title=routellm::version '$version': expected a release such as v1.2.3"; exit 1; }
	from=release
elif command -v routellm >/dev/null; then
	from=path
elif [[ $ACTION_REF =~ $release ]]; then
	from=release version=$ACTION_REF
else
	from=source version=$ACTION_REF # a branch or a commit; empty for an action of the same repository
fi
server=${GITHUB_SERVER_URL:-https://github.com}
repository=${REPOSITORY:-$server/${ACTION_REPOSITORY:-$GITHUB_REPOSITORY}}
{
	echo "from=$from"
	echo "version=$version"
	echo "repository=${repository%/}"
} >>"$GITHUB_OUTPUT"
