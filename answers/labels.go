package answers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/routellm/routellm/internal/hint"
	"github.com/routellm/routellm/internal/text"
)

// LabelsOf returns the labels of a name, or false if the file has none.
func (f *File) LabelsOf(name string) (Labels, bool) {
	i := slices.IndexFunc(f.Labels, func(l Labels) bool { return l.Name == name })
	if i < 0 {
		return Labels{}, false
	}
	return f.Labels[i], true
}

// SetLabels adds labels. Labels of the same name are an error, whose hint proposes another name.
func (f *File) SetLabels(l Labels) error {
	if err := f.CheckLabels(l.Name); err != nil {
		return err
	}
	if len(l.Values) != len(f.Models) {
		return fmt.Errorf("labels %q: %s, expected one column for each of %s", l.Name, text.Plural(len(l.Values), "column"), text.Plural(len(f.Models), "model"))
	}
	for k, values := range l.Values {
		if len(values) != f.Rows() {
			return fmt.Errorf("labels %q of %q: %s, expected %d", l.Name, f.Models[k].Name, text.Plural(len(values), "row"), f.Rows())
		}
	}
	f.Labels = append(f.Labels, l)
	return nil
}

// CheckLabels returns the error of [File.SetLabels] for labels of a name, before there are any.
func (f *File) CheckLabels(name string) error {
	if _, again := f.LabelsOf(name); again {
		return hint.With(fmt.Errorf("%q: has labels %q already", f.Name, name), "give the new ones another name: "+proposed(name))
	}
	for _, m := range f.Models {
		if column := name + ":" + m.Name; f.PassedColumn(column) != nil || isKind(name) || name+":" == prefixFeature {
			return hint.With(fmt.Errorf("%q: column %q is no column of labels", f.Name, column), "give the labels another name: "+proposed(name))
		}
	}
	if name == "" || strings.Contains(name, ":") {
		return hint.With(fmt.Errorf("labels %q: expected a name without a colon", name), "for example --as judged")
	}
	return nil
}

// proposed proposes other names for labels.
func proposed(name string) string {
	if name == "judged" {
		return "--as gold"
	}
	return "--as judged or --as gold"
}
