// Command routellm evaluates, calibrates, trains and serves LLM routers.
package main

import (
	"os"

	"github.com/routellm/routellm/cmd/routellm/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }
