package registry

import (
	"slices"
	"testing"

	"github.com/routellm/routellm/benchmarks"
)

func TestParseSpecs(t *testing.T) {
	got, err := ParseSpecs([]string{"random,mine=mf@gold", "scores:out/a,b=c.csv", "scores:rates.parquet#mf", "s=http://host:1/x?y=z",
		"https://host:8000/a.b?c=d", "length,u=decisions:d,e.csv", "exec:'/opt/my router.py' --url http://x/ a,b", "x=exec:env A=b c"})
	want := []Spec{
		{Label: "random", Name: "random"},
		{Label: "mine", Name: "mf", Variant: "gold"},
		{Label: "a,b=c", Name: "scores", Arg: "out/a,b=c.csv", IsKind: true},
		{Label: "mf", Name: "scores", Arg: "rates.parquet#mf", IsKind: true},
		{Label: "s", Name: "http", Arg: "//host:1/x?y=z", IsKind: true},
		{Label: "host:8000", Name: "https", Arg: "//host:8000/a.b?c=d", IsKind: true},
		{Label: "length", Name: "length"},
		{Label: "u", Name: "decisions", Arg: "d,e.csv", IsKind: true},
		{Label: "my router", Name: "exec", Arg: "'/opt/my router.py' --url http://x/ a,b", IsKind: true},
		{Label: "x", Name: "exec", Arg: "env A=b c", IsKind: true},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestParseAll(t *testing.T) {
	specs, err := ParseSpecs([]string{"all", "mf@gold"})
	if err != nil || len(specs) != 9 || !specs[5].OfAll || specs[8].Variant != "gold" || specs[8].OfAll {
		t.Fatalf("%+v, %v", specs, err)
	}
	for _, s := range specs {
		if _, err := Open(s, Options{Embedded: benchmarks.Scores}); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for _, e := range Entries() {
		if named := slices.Contains(All(), e.Name); named != (e.Arg == "" && e.Name != "subject") {
			t.Errorf("all stands for %s: %v", e.Name, named)
		}
	}
	if _, err := ParseSpecs([]string{"all,mf"}); err == nil {
		t.Error("mf twice is no error")
	}
}

func TestParseSpecsRefuses(t *testing.T) {
	for _, values := range [][]string{
		{""}, {"random,"}, {"=random"}, {"mf@"}, {"scores:"}, {":file"}, {"random", "random"},
		{"scores:a/x.csv", "scores:b/x.csv"},
		{"exec:"}, {"exec:  "}, {"http:"}, {"exec:python3 a.py", "exec:python3 b.py"}, {"http://host/a", "http://host/b"},
	} {
		if got, err := ParseSpecs(values); err == nil {
			t.Errorf("%q: no error, got %+v", values, got)
		}
	}
}

func TestOpen(t *testing.T) {
	for _, e := range Entries()[:6] {
		if r, err := Open(Spec{Name: e.Name}, Options{}); err != nil || r == nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
	for _, s := range []Spec{{Name: "nope"}, {Name: "mf", Variant: "nope"}, {Name: "scores"}, {Name: "length", Variant: "gold"}, {Name: "length", IsKind: true, Arg: "x"},
		{Name: "exec", IsKind: true, Arg: "'"}, {Name: "exec", IsKind: true, Arg: "routellm-no-such-program"}, {Name: "http", IsKind: true, Arg: "host"}} {
		if _, err := Open(s, Options{}); err == nil {
			t.Errorf("%+v: no error", s)
		}
	}
}

func TestOpenExternal(t *testing.T) {
	for _, s := range []string{"exec:go version", "http://host/", "https://host/path"} {
		spec, err := ParseSpec(s)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(spec, Options{})
		if err != nil || !r.Needs().Text || spec.IsFile() {
			t.Errorf("%s: %v, a file: %v", s, err, spec.IsFile())
		}
	}
	if spec := (Spec{Name: "mf", Arg: "http", IsKind: true}); !spec.IsFile() {
		t.Errorf("%+v is no file", spec)
	}
}

// TestSpecString checks that String returns what was written, without the label.
func TestSpecString(t *testing.T) {
	for written, want := range map[string]string{
		"mf": "mf", "x=mf@judge": "mf@judge", "mine=mf:a=b.safetensors": "mf:a=b.safetensors", "http://h/p": "http://h/p",
	} {
		spec, err := ParseSpec(written)
		if err != nil || spec.String() != want {
			t.Errorf("%q is %q, %v; want %q", written, spec, err, want)
		}
	}
}
