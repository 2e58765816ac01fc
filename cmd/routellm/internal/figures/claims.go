package figures

import (
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets"
)

// publishedClaim is a claim of the publication with our measured answer.
type publishedClaim struct {
	text   string
	router string    // our router that the claim is tested with
	says   float64   // the claimed value
	ours   estimate  // our value
	good   direction // the direction in which a value is better than claimed
}

// answer returns yes, no or not distinguishable: whether our router confirms the claim.
func (c publishedClaim) answer() string {
	return map[standing]string{better: "yes", worse: "no", unclear: string(unclear)}[c.ours.against(c.says, c.good)]
}

// publishedClaims returns the publication's claims about its routers, in the order of its
// abstract.
func publishedClaims(all []*benchmarkMetrics, commercial []commercialRouter) ([]publishedClaim, error) {
	prices, err := datasets.Prices()
	if err != nil {
		return nil, err
	}
	cut, err := costCut(prices)
	if err != nil {
		return nil, err
	}
	mt, mmlu, gsm8k := all[0], all[1], all[2]
	calls := func(r *benchmarkMetrics, router string) estimate { return r.router[router].for95 }
	cost := func(r *benchmarkMetrics) estimate { return calls(r, best[r.Benchmark.Name]).mapDecreasing(cut) }
	out := []publishedClaim{
		{"MT Bench, votes: calls for 95 %", "mf@arena", .26, calls(mt, "mf@arena"), low},
		{"MT Bench, judge: calls for 95 %", "mf@judge", .14, calls(mt, "mf@judge"), low},
		{"MMLU, gold: calls for 95 %", best["mmlu"], .54, calls(mmlu, best["mmlu"]), low},
	}
	for _, f := range commercial {
		saved := f.against[best["mt-bench"]].needs.mapDecreasing(func(x float64) float64 { return 1 - x/f.fraction })
		out = append(out, publishedClaim{"fewer calls than " + f.Name, best["mt-bench"], .40, saved, high})
	}
	return append(out,
		publishedClaim{"MT Bench: cost cut at 95 %", best["mt-bench"], .85, cost(mt), high},
		publishedClaim{"MMLU: cost cut at 95 %", best["mmlu"], .45, cost(mmlu), high},
		publishedClaim{"GSM8K: cost cut at 95 %", best["gsm8k"], .35, cost(gsm8k), high},
	), nil
}

func claimSheet(all []publishedClaim) sheet {
	s := sheet{name: "claims", title: "The publication's claims"}
	s.csv.Header = []string{"claim", "router", "published", "ours", "lo", "hi", "answer"}
	s.page.Header = []string{"claim", "router", "published", "ours", "answer"}
	s.page.Left = []int{1}
	for _, c := range all {
		s.csv.Add(append(append([]string{c.text, c.router, number(c.says)}, c.ours.numbers()...), c.answer())...)
		s.page.Add(c.text, c.router, percent(c.says), c.ours.show(percent), c.answer())
	}
	s.notes = []string{
		"Calls: the share of strong calls needed for 95 % of GPT-4's quality. Fewer calls: the share of strong calls saved at the commercial router's grade. Cost cut: the cost saved against always calling GPT-4, at 95 % of its quality. " +
			"The answer is yes or no if the whole interval is on one side of the claim. \"Never\" as the end of an interval means that on too many resamples our router does not reach that grade at any share of strong calls.",
		"Cost: calls of 95 input and 264 output tokens at the prices in datasets/prices.csv, without the cost of routing itself (table 7).",
	}
	return s
}

// checklist returns the claims as a table for a terminal.
func checklist(all []publishedClaim) *table.Table {
	t := &table.Table{Header: []string{"claim", "published", "ours", "answer"}, Left: []int{3}}
	for _, c := range all {
		t.Add(c.text, percent(c.says), c.ours.show(percent), strings.Replace(c.answer(), string(unclear), "unclear", 1))
	}
	return t
}
