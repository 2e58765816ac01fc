package answers

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/routellm/routellm/internal/hint"
)

// strange is a table of prompts whose tasks have different sizes: 40, 7, 2 and 1.
func strange(t *testing.T, weighted bool) *Prompts {
	var b strings.Builder
	b.WriteString("id,prompt,task,y" + map[bool]string{true: ",weight"}[weighted] + "\n")
	for i := range 50 {
		task := map[bool]string{true: "large"}[i < 40]
		switch {
		case i == 49:
			task = "one"
		case i >= 47:
			task = "two"
		case i >= 40:
			task = "seven"
		}
		fmt.Fprintf(&b, "p%d,question %d,%s,%d", i, i, task, i*i%17)
		if weighted {
			fmt.Fprintf(&b, ",%d", 1+i%3)
		}
		b.WriteString("\n")
	}
	return prompts(t, "p.csv", b.String())
}

func TestDrawByTask(t *testing.T) {
	p := strange(t, false)
	drawn, err := p.Draw(Sampling{Prompts: 13, ByTask: true, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	byTask := map[string]int{}
	weights := map[string]float64{}
	for i, task := range drawn.Task {
		byTask[task]++
		weights[task] += drawn.Weight[i]
	}
	if !reflect.DeepEqual(byTask, map[string]int{"large": 5, "seven": 5, "two": 2, "one": 1}) {
		t.Errorf("drew %v", byTask)
	}
	for task, size := range map[string]float64{"large": 40, "seven": 7, "two": 2, "one": 1} {
		if math.Abs(weights[task]-size) > 1e-12 {
			t.Errorf("%s: weights sum up to %v, want %v", task, weights[task], size)
		}
	}
	if !slices.IsSortedFunc(drawn.SampleID, func(a, b string) int { return slices.Index(p.SampleID, a) - slices.Index(p.SampleID, b) }) {
		t.Errorf("got %q, not in the order of the file", drawn.SampleID)
	}
}

// The weighted mean of a sample is that of the whole file, on average over the seeds.
func TestDrawIsUnbiased(t *testing.T) {
	for _, weighted := range []bool{false, true} {
		p := strange(t, weighted)
		mean := func(p *Prompts) float64 { // a sum at known weights, which is unbiased at any size
			sum := 0.0
			for i, y := range p.PassedColumn("y") {
				var v, w float64 = 0, 1
				fmt.Sscan(*y, &v)
				if p.Weight != nil {
					w = p.Weight[i]
				}
				sum += float64(w * v)
			}
			return sum
		}
		const seeds = 4000
		sum, squares := 0.0, 0.0
		for seed := range uint64(seeds) {
			drawn, err := p.Draw(Sampling{Prompts: 10, ByTask: true, Seed: seed})
			if err != nil {
				t.Fatal(err)
			}
			x := mean(drawn) - mean(p)
			sum += x
			squares += x * x
		}
		if se := math.Sqrt(squares) / seeds; math.Abs(sum/seeds) > 4*se {
			t.Errorf("weighted %v: off by %v on average, standard error %v", weighted, sum/seeds, se)
		}
	}
}

func TestDrawIsNestedAndReproducible(t *testing.T) {
	p := strange(t, false)
	ids := func(s Sampling, p *Prompts) []string {
		drawn, err := p.Draw(s)
		if err != nil {
			t.Fatal(err)
		}
		if drawn.Weight != nil {
			t.Errorf("equal weights are in the file: %v", drawn.Weight)
		}
		return slices.Sorted(slices.Values(drawn.SampleID))
	}
	small, large := ids(Sampling{Prompts: 9, Seed: 3}, p), ids(Sampling{Prompts: 20, Seed: 3}, p)
	for _, id := range small {
		if !slices.Contains(large, id) {
			t.Errorf("%s is in the sample of 9 and not in that of 20", id)
		}
	}
	back := *p
	rows := make([]int, p.Rows())
	for i := range rows {
		rows[i] = p.Rows() - 1 - i
	}
	back.File = p.Pick(rows)
	if got := ids(Sampling{Prompts: 9, Seed: 3}, &back); !slices.Equal(got, small) {
		t.Errorf("in another order of the file: %q, want %q", got, small)
	}
	if got := ids(Sampling{Prompts: 9, Seed: 4}, p); slices.Equal(got, small) {
		t.Error("two seeds draw the same")
	}
	for _, n := range []int{0, 50, 500} {
		if got := ids(Sampling{Prompts: n}, p); len(got) != 50 {
			t.Errorf("--sample %d: %d prompts", n, len(got))
		}
	}
}

func TestDrawErrors(t *testing.T) {
	if _, err := strange(t, false).Draw(Sampling{Prompts: 3, ByTask: true}); err == nil || !strings.Contains(err.Error(), "4 tasks, but only 3 prompts to draw") || hint.Of(err) == nil {
		t.Errorf("got %v", err)
	}
	if _, err := prompts(t, "p.csv", "id,prompt\n1,a\n2,b\n3,c\n").Draw(Sampling{Prompts: 2, ByTask: true}); err == nil || !strings.Contains(err.Error(), "has no tasks") {
		t.Errorf("got %v", err)
	}
}

// The settings of rows stay with them.
func TestDrawKeepsSettings(t *testing.T) {
	p := prompts(t, "p.csv", "id,prompt,temperature,system\n1,a,0.1,s1\n2,b,0.2,s2\n3,c,0.3,s3\n")
	drawn, err := p.Draw(Sampling{Prompts: 2})
	if err != nil {
		t.Fatal(err)
	}
	for row, id := range drawn.SampleID {
		r, err := drawn.request(row, 0, (Options{}).Settings)
		if err != nil || fmt.Sprint(*r.Settings.Temperature) != "0."+id || r.Settings.System != "s"+id {
			t.Errorf("%s: got %+v, %v", id, r.Settings, err)
		}
	}
}
