package gate

import (
	"fmt"
	"io"
	"strings"
)

// levels holds the workflow command of GitHub Actions that shows a status. Rules that pass have
// none.
var levels = map[Status]string{Fail: "error", Inconclusive: "warning", Waived: "notice"}

// WriteAnnotations writes a workflow command of GitHub Actions per verdict that does not pass, one
// per line. GitHub shows it at the rule's line in the policy. A failed rule is an error, an
// inconclusive one a warning, a waived one a notice.
func WriteAnnotations(w io.Writer, policy string, all []Verdict) error {
	for _, v := range all {
		level, ok := levels[v.Status]
		if !ok {
			continue
		}
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", level, property(policy), v.Rule.Line, v.Rule.Column,
			property(fmt.Sprintf("gate: %s: %s", v.Status, v.Rule.Name)), data.Replace(v.Number()+": "+v.Explain()))
		if err != nil {
			return err
		}
	}
	return nil
}

// data and properties escape what workflow commands give a meaning to, as GitHub's own package
// @actions/core does. Without it, a rule's name could end the command and start another.
var (
	data       = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	properties = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func property(text string) string { return properties.Replace(text) }
