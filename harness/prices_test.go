package harness_test

import (
	"strings"
	"testing"

	"github.com/routellm/routellm/harness"
	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/results"
)

func TestPricesOf(t *testing.T) {
	prices := map[string]float64{"big": 20, "small": 0.5, "tiny": 0}
	if p, err := harness.PricesOf(prices, results.Pair{Strong: "big", Weak: "tiny"}); err != nil || p[0] != 20 || p[1] != 0 {
		t.Errorf("%v, %v", p, err)
	}
	_, err := harness.PricesOf(prices, results.Pair{Strong: "big", Weak: "smal"})
	if err == nil || err.Error() != `no price of "smal": there are prices of big, small, tiny` || !strings.Contains(strings.Join(hint.Of(err), " "), "small") {
		t.Errorf("%v, %v", err, hint.Of(err))
	}
}
