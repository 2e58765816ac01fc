// Package schemacmd implements the schema command, which prints the JSON Schemas of documents. Call
// [New].
package schemacmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
	"github.com/routellm/routellm/internal/fault"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results/schemas"
)

const schemaLong = `Print the JSON Schema (draft 2020-12) of a document that the program writes or
reads:

%s
Documents have no other keys than those of their schema. An editor that knows
JSON Schema completes and checks a policy or routellm.yaml if the first line
names the schema:

  # yaml-language-server: $schema=policy.schema.json

docs/formats.md says how to check documents with other tools.`

// New returns the schema command, which writes to s.
func New(s cmdutil.Streams) *cobra.Command { return newCmd(s, run) }

func newCmd(s cmdutil.Streams, run func(*cobra.Command, cmdutil.Streams, string) error) *cobra.Command {
	c := &cobra.Command{
		Use:   "schema NAME",
		Short: "Print the JSON Schema of a document, for editors and validators",
		Long:  fmt.Sprintf(schemaLong, list()),
		Example: `  routellm schema policy > policy.schema.json
  routellm schema results > results.schema.json`,
		Args: cmdutil.Hinted(cmdutil.ExactArgs("NAME"), "NAME is one of "+strings.Join(schemas.Names(), ", ")),
		RunE: func(c *cobra.Command, args []string) error { return run(c.Root(), s, args[0]) },
	}
	c.ValidArgsFunction = cmdutil.Words(schemas.Names()...)
	return c
}

// list returns one line per schema.
func list() string {
	var b strings.Builder
	for _, x := range schemas.List() {
		fmt.Fprintf(&b, "  %-9s  %s\n", x.Name, x.Title)
	}
	return b.String()
}

func run(root *cobra.Command, s cmdutil.Streams, name string) error {
	schema, err := schemas.Read(name)
	if err != nil {
		return hint.DidYouMean(err, name, schemas.Names())
	}
	if name == "config" {
		if schema, err = withFlags(schema, root); err != nil {
			return fault.Wrap(err)
		}
	}
	_, err = s.Out.Write(schema)
	return fault.Wrap(err)
}
