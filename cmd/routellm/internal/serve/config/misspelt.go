package config

import (
	"fmt"
	"strings"

	"github.com/routellm/routellm/internal/hint"

	"github.com/spf13/pflag"
)

// Misspelt returns a warning for each variable of the environment, as [os.Environ] lists them, that
// is no setting but has nearly the name of one. Others with the prefix are not the user's fault:
// Kubernetes sets ROUTELLM_SERVICE_HOST and the like for a service of this name.
func Misspelt(flags *pflag.FlagSet, environment []string) []string {
	known := map[string]bool{}
	var names, warnings []string
	flags.VisitAll(func(f *pflag.Flag) {
		name := strings.ToUpper(keyOf(f.Name))
		known[name], names = true, append(names, name)
	})
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		name, ours := strings.CutPrefix(name, prefix)
		if meant := hint.Closest(name, names); ours && !known[name] && meant != "" {
			warnings = append(warnings, fmt.Sprintf("the environment variable %s is no setting: did you mean %s?", prefix+name, prefix+meant))
		}
	}
	return warnings
}
