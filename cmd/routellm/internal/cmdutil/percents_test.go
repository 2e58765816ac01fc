package cmdutil_test

import (
	"testing"

	"github.com/routellm/routellm/cmd/routellm/internal/cmdutil"
)

func TestPercents(t *testing.T) {
	for text, want := range map[string]string{"20": "20", "20%": "20", "20%, 50 %,80": "", "20%,50%,80": "20,50,80", " 12.5% ": "12.5", "0.2,0.07,0.5%,90": "20,7,0.5,90"} {
		p := cmdutil.Percents{1}
		err := p.Set(text)
		if want == "" && err == nil && p.String() != "20,50,80" || want != "" && (err != nil || p.String() != want) {
			t.Errorf("%q: %s, %v", text, p.String(), err)
		}
	}
	p := cmdutil.Percents{1}
	if err := p.Set("20,1"); err == nil || p.String() != "1" {
		t.Errorf("a bare 1: %s, %v", p.String(), err)
	}
	if err := p.Set("20,x"); err == nil || p.String() != "1" {
		t.Errorf("a wrong item: %s, %v", p.String(), err)
	}
}
