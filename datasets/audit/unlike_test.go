package audit

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/routellm/routellm/datasets"
)

// TestUnlikeShare has 100 prompts in 50 clusters of two, of which every fifth is unlike those trained
// on: the interval is wider than that of 100 independent prompts.
func TestUnlikeShare(t *testing.T) {
	table := &datasets.Table{}
	rows := make([]bool, 100)
	for i := range rows {
		table.SampleID = append(table.SampleID, fmt.Sprint("s", i))
		table.Cluster = append(table.Cluster, fmt.Sprint("c", i/2))
		table.Contaminated = append(table.Contaminated, false)
		rows[i] = i/2%5 == 0
	}
	found := unlikePrompts(Input{Table: table, Unlike: []Unlike{{"mf", rows, 0.05}}})
	if len(found) != 1 {
		t.Fatal(found)
	}
	f := found[0]
	want := "20.0 % of the prompts (95 % interval 11.0 to 33.6 %) are unlike anything that the router was trained on, where about 5 % of prompts like those would be: expect little"
	if f.Severity != Warning || !strings.HasPrefix(f.Message, want) || len(f.Rows) != 20 || math.Abs(f.Share.Value-0.2) > 1e-12 {
		t.Errorf("%s, %d rows, %+v, %s", f.Severity, len(f.Rows), *f.Share, f.Message)
	}
	f = unlikePrompts(Input{Table: table, Unlike: []Unlike{{"mf", rows, 0.101}}})[0] // less than twice as many
	if f.Severity != Note || strings.Contains(f.Message, "expect little") {
		t.Errorf("%s: %s", f.Severity, f.Message)
	}
	for i := range rows {
		rows[i] = i < 12 // 12 % in 6 clusters: the lower end is below 6 %
	}
	if f = unlikePrompts(Input{Table: table, Unlike: []Unlike{{"mf", rows, 0.06}}})[0]; f.Severity != Note {
		t.Errorf("%s: %s", f.Severity, f.Message)
	}
	one := &datasets.Table{SampleID: []string{"a"}, Cluster: []string{"a"}}
	f = unlikePrompts(Input{Table: one, Unlike: []Unlike{{"mf", []bool{true}, 0.05}}})[0]
	if !strings.HasPrefix(f.Message, "100.0 % of the prompts are unlike") || !math.IsNaN(f.Share.Lo) || f.Severity != Note {
		t.Errorf("one prompt has no interval: %s", f.Message)
	}
}
