package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/routellm/routellm/cmd/routellm/internal/table"
)

// Markdown writes the page in Markdown, for a pull request: the sentences and the first table
// of each section, with the rest folded.
func (p Page) Markdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", escape(p.Title))
	writeItems(&b, p.Notes)
	for _, x := range p.Pictures {
		if err := writeSection(&b, x.Title, x.Summary, nil, x.Tables, nil, len(x.Tables)); err != nil {
			return err
		}
	}
	for _, s := range p.Sections {
		if err := s.markdown(&b); err != nil {
			return err
		}
	}
	for _, s := range p.Pools {
		if err := s.markdown(&b); err != nil {
			return err
		}
	}
	for _, f := range p.Samples {
		if f.Flips == nil {
			continue
		}
		fmt.Fprintf(&b, "\n## %s\n", escape("Flips: "+strings.TrimPrefix(f.Title, "Samples: ")))
		writeItems(&b, append([]string{flipWords}, f.Notes...))
		if err := f.Flips.markdown(&b); err != nil {
			return err
		}
	}
	if err := fold(&b, "Provenance", p.Provenance, nil); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (s Section) markdown(b *bytes.Buffer) error {
	if err := writeSection(b, s.Title, s.Summary, s.Facts, s.Tables, s.Notes, 1); err != nil || s.Tasks == nil {
		return err
	}
	return fold(b, "By task", []Block{*s.Tasks}, nil)
}

// markdown writes a pool with the tables of its models and of the routers' lift.
func (s PoolSection) markdown(b *bytes.Buffer) error {
	return writeSection(b, s.Title, s.Summary, s.Facts, s.Tables, s.Notes, 2)
}

// writeSection writes what all sections have. The first tables are shown and the others folded.
func writeSection(b *bytes.Buffer, title string, summary []string, facts []Fact, tables []Block, notes []string, shown int) error {
	fmt.Fprintf(b, "\n## %s\n", escape(title))
	list := slices.Clone(summary)
	for _, f := range facts {
		list = append(list, f.Name+": "+f.Value)
	}
	writeItems(b, list)
	shown = min(shown, len(tables))
	for _, t := range tables[:shown] {
		if err := t.markdown(b); err != nil {
			return err
		}
	}
	name := "More tables and notes"
	if len(tables) == 0 {
		name = "Notes"
	}
	return fold(b, name, tables[shown:], notes)
}

func (x Block) markdown(b *bytes.Buffer) error {
	fmt.Fprintf(b, "\n%s\n\n", escape(x.Caption))
	safe := table.Table{Header: withoutTags(x.Table.Header), Left: x.Table.Left}
	for _, row := range x.Table.Rows {
		safe.Add(withoutTags(row)...)
	}
	return safe.Markdown(b)
}

// withoutTags escapes cells so that they are not read as HTML. [table.Table.Markdown] escapes
// the rest.
func withoutTags(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.ReplaceAll(c, "<", "&lt;")
	}
	return out
}

// fold writes tables and notes that the reader opens with a click.
func fold(b *bytes.Buffer, name string, tables []Block, notes []string) error {
	if len(tables)+len(notes) == 0 {
		return nil
	}
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n", name)
	for _, t := range tables {
		if err := t.markdown(b); err != nil {
			return err
		}
	}
	writeItems(b, notes)
	fmt.Fprint(b, "\n</details>\n")
	return nil
}

func writeItems(b *bytes.Buffer, items []string) {
	if len(items) > 0 {
		b.WriteString("\n")
	}
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", escape(item))
	}
}

// escape escapes a text so that it is not read as HTML, a link or emphasis.
func escape(text string) string {
	return strings.NewReplacer("\n", " ", "\r", " ", `\`, `\\`, "<", "&lt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`).Replace(text)
}
