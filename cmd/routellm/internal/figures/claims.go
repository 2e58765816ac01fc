package figures

import (
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
	"github.com/routellm/routellm/datasets"
)

// claim is a statement of the publication with our measured answer.
type claim struct {
	text   string
	router string
	says   float64
	ours   estimate
	good   direction
}

// answer says in a word whether ours holds the claim.
func (c claim) answer() string {
	return map[verdict]string{better: "yes", worse: "no", unclear: string(unclear)}[c.ours.against(c.says, c.good)]
}

// claims lists what the publication says of its routers, in the order of its abstract.
func claims(all []*resampled, commercial []fixed) ([]claim, error) {
	prices, err := datasets.Prices()
	if err != nil {
		return nil, err
	}
	cut, err := costCut(prices)
	if err != nil {
		return nil, err
	}
	mt, mmlu, gsm8k := all[0], all[1], all[2]
	calls := func(r *resampled, router string) estimate { return r.router[router].for95 }
	cost := func(r *resampled) estimate { return calls(r, best[r.Benchmark.Name]).falling(cut) }
	out := []claim{
		{"MT Bench, votes: calls for 95 %", "mf@arena", .26, calls(mt, "mf@arena"), low},
		{"MT Bench, judge: calls for 95 %", "mf@judge", .14, calls(mt, "mf@judge"), low},
		{"MMLU, gold: calls for 95 %", best["mmlu"], .54, calls(mmlu, best["mmlu"]), low},
	}
	for _, f := range commercial {
		saved := f.duels[best["mt-bench"]].needs.falling(func(x float64) float64 { return 1 - x/f.fraction })
		out = append(out, claim{"fewer calls than " + f.Name, best["mt-bench"], .40, saved, high})
	}
	return append(out,
		claim{"MT Bench: cost cut at 95 %", best["mt-bench"], .85, cost(mt), high},
		claim{"MMLU: cost cut at 95 %", best["mmlu"], .45, cost(mmlu), high},
		claim{"GSM8K: cost cut at 95 %", best["gsm8k"], .35, cost(gsm8k), high},
	), nil
}

func claimSheet(all []claim) sheet {
	s := sheet{name: "claims", title: "The publication's claims"}
	s.csv.Header = []string{"claim", "router", "published", "ours", "lo", "hi", "answer"}
	s.page.Header = []string{"claim", "router", "published", "ours", "answer"}
	s.page.Left = []int{1}
	for _, c := range all {
		s.csv.Add(append(append([]string{c.text, c.router, number(c.says)}, c.ours.numbers()...), c.answer())...)
		s.page.Add(c.text, c.router, percent(c.says), c.ours.show(percent), c.answer())
	}
	s.notes = []string{
		"Calls: the share of strong calls for 95 % of GPT-4's quality. Fewer calls: for the commercial router's grade. Cost cut: against GPT-4 only, at 95 % of its quality. " +
			"A claim is answered with yes or no where the whole interval is on one side of it; never: on too many resamples no share of our router's calls gives that grade.",
		"Cost: calls of 95 tokens in and 264 out at the prices in datasets/prices.csv, routing itself not counted (table 7).",
	}
	return s
}

// checklist is the claims for a terminal.
func checklist(all []claim) *table.Table {
	t := &table.Table{Header: []string{"claim", "published", "ours", "answer"}, Left: []int{3}}
	for _, c := range all {
		t.Add(c.text, percent(c.says), c.ours.show(percent), strings.Replace(c.answer(), string(unclear), "unclear", 1))
	}
	return t
}
