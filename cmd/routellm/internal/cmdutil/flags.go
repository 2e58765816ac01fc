package cmdutil

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/routellm/routellm/results"
)

// Numbers is a flag of comma-separated numbers. Giving it replaces the default,
// which help shows as a person would write it.
type Numbers []float64

// String joins the numbers.
func (n *Numbers) String() string {
	texts := make([]string, len(*n))
	for i, v := range *n {
		texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strings.Join(texts, ",")
}

// Set reads the numbers.
func (n *Numbers) Set(text string) error {
	*n = nil
	for _, item := range strings.Split(text, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(item), 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", item)
		}
		*n = append(*n, v)
	}
	return nil
}

// Type is what help calls the value.
func (n *Numbers) Type() string { return "numbers" }

// ParsePair splits the value of --pair; "" is no pair. Model names with a comma
// cannot be told apart and are refused.
func ParsePair(text string) (results.Pair, error) {
	if text == "" {
		return results.Pair{}, nil
	}
	parts := strings.Split(text, ",")
	if len(parts) != 2 || parts[0] == "" || parts[1] == "" || parts[0] == parts[1] {
		return results.Pair{}, fmt.Errorf("--pair %q: want two different models, STRONG,WEAK", text)
	}
	return results.Pair{Strong: parts[0], Weak: parts[1]}, nil
}
