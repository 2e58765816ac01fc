package registry

import (
	"slices"
	"testing"
)

func TestParseSpecs(t *testing.T) {
	got, err := ParseSpecs([]string{"random,mine=mf@gold", "scores:out/a,b=c.csv", "s=http://host:1/x?y=z"})
	want := []Spec{
		{Label: "random", Name: "random"},
		{Label: "mine", Name: "mf", Variant: "gold"},
		{Label: "a,b=c", Name: "scores", Arg: "out/a,b=c.csv", IsKind: true},
		{Label: "s", Name: "http", Arg: "//host:1/x?y=z", IsKind: true},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestParseSpecsRefuses(t *testing.T) {
	for _, values := range [][]string{
		{""}, {"random,"}, {"=random"}, {"mf@"}, {"scores:"}, {":file"}, {"random", "random"},
		{"scores:a/x.csv", "scores:b/x.csv"},
	} {
		if got, err := ParseSpecs(values); err == nil {
			t.Errorf("%q: no error, got %+v", values, got)
		}
	}
}

func TestOpen(t *testing.T) {
	for _, e := range Entries()[:4] {
		if r, err := Open(Spec{Name: e.Name}); err != nil || r == nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
	for _, s := range []Spec{{Name: "nope"}, {Name: "mf", Variant: "nope"}, {Name: "scores"}, {Name: "length", Variant: "gold"}, {Name: "length", IsKind: true, Arg: "x"}} {
		if _, err := Open(s); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}
