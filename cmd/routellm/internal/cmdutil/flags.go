package cmdutil

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

// ExcludeNearUsage describes the flag --exclude-near.
const ExcludeNearUsage = "leave out near copies of the routers' training prompts: the same prompt in another format"

// Numbers is the value of a flag with comma-separated numbers. The given numbers replace the
// default ones, which help shows as a user would write them.
type Numbers []float64

// String returns the numbers separated by commas.
func (n *Numbers) String() string {
	texts := make([]string, len(*n))
	for i, v := range *n {
		texts[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strings.Join(texts, ",")
}

// Set parses comma-separated numbers.
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

// Type returns the name of the value in help.
func (n *Numbers) Type() string { return "numbers" }

// Percents is the value of a flag with comma-separated shares in per cent: 20, 20% or, as in all other
// flags for shares, 0.2. A bare 1 is an error, because it could be 1 % or all.
type Percents []float64

// String returns the percentages without the sign, separated by commas.
func (p *Percents) String() string { return (*Numbers)(p).String() }

// Set parses comma-separated percentages.
func (p *Percents) Set(text string) error {
	var all Percents
	for _, item := range strings.Split(text, ",") {
		v, err := parsePercent(item)
		if err != nil {
			return err
		}
		all = append(all, v)
	}
	*p = all
	return nil
}

// parsePercent parses a share and returns it in per cent.
func parsePercent(text string) (float64, error) {
	bare, marked := strings.CutSuffix(strings.TrimSpace(text), "%")
	var v Numbers
	if err := v.Set(bare); err != nil {
		return 0, err
	}
	switch x := v[0]; {
	case marked || x > 1 || x <= 0:
		return x, nil
	case x == 1:
		return 0, fmt.Errorf("%q may be 1%% or 100%%", text)
	default:
		return math.Round(x*1e12) / 1e10, nil // 0.07 is 7, not 7.000000000000001
	}
}

// Type returns the name of the value in help.
func (p *Percents) Type() string { return "percentages" }

// ParsePair parses the value of --pair, STRONG,WEAK. It returns the zero pair for "". Model
// names that contain a comma are errors.
func ParsePair(text string) (results.Pair, error) {
	if text == "" {
		return results.Pair{}, nil
	}
	parts := strings.Split(text, ",")
	if len(parts) != 2 || parts[0] == "" || parts[1] == "" || parts[0] == parts[1] {
		err := fmt.Errorf("--pair %q: want two different models, STRONG,WEAK", text)
		if len(parts) > 2 {
			return results.Pair{}, hint.With(err, "a model whose name has a comma needs another one: --model NAME=COLUMN")
		}
		return results.Pair{}, err
	}
	return results.Pair{Strong: parts[0], Weak: parts[1]}, nil
}
