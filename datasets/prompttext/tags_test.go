package prompttext

import (
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func tagsOf(t testing.TB, names ...string) Tags {
	t.Helper()
	tags, err := NewTags(names)
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

func TestDrop(t *testing.T) {
	tags := tagsOf(t, "note", "system-reminder", "NOTE", "editorContext", "note")
	for text, want := range map[string]string{
		"":                                      "",
		"a<b":                                   "a<b",
		"<note>x</note>":                        "",
		"Fix it.\n\n<note>x</note>\n":           "Fix it.",
		"<note>x</note> Fix <note>y</note> it.": "Fix  it.",
		"<note at=\"3\" of='a>b'\n>x</note >a":  "a", // ends at the first >; the rest is inside
		"<NOTE>x</Note>a":                       "a",
		"<editorcontext>x</EDITORCONTEXT>a":     "a",
		"<system-reminder>x</system-reminder>a": "a",
		// nested
		"<note>x<note>y</note>z</note>a":                                          "a",
		"<note>x<system-reminder>y</system-reminder>z</note>a":                    "a",
		"<note><b>bold</b></note>a":                                               "a",
		"b<note>x</note><system-reminder>y</system-reminder>a":                    "ba",
		"<note>1</note><system-reminder><note>2</note>x</system-reminder>a":       "a",
		"<note>x<system-reminder>y</note>z</system-reminder>a":                    "z</system-reminder>a",
		"<note>x</note><note>y</note></note>a":                                    "</note>a",
		"a<system-reminder/>b<system-reminder x=\"1\" />c":                        "abc",
		"<note>x<system-reminder/>y</note>a":                                      "a",
		"<system-reminder><note><note/></note></system-reminder>a<note>b</note>c": "ac",
		// without a partner
		"<note>the rest":                  "<note>the rest",
		"What does <note> mean?":          "What does <note> mean?",
		"the end</note>":                  "the end</note>",
		"<note>x<note>y</note>z":          "<note>xz",
		"<note>x</system-reminder>y":      "<note>x</system-reminder>y",
		"</note>x<note>":                  "</note>x<note>",
		"<note>x</note":                   "<note>x</note",
		"<note>x</note y>z":               "<note>x</note y>z",
		"<note <note>x</note>a":           "<note a",
		"<note":                           "<note",
		"<note ":                          "<note ",
		"</":                              "</",
		"<>":                              "<>",
		"<note>x</note>a<note":            "a<note",
		"< note>x</ note>":                "< note>x</ note>",
		"&lt;note&gt;x&lt;/note&gt;":      "&lt;note&gt;x&lt;/note&gt;",
		"<notes>x</notes>":                "<notes>x</notes>",
		"<note.a>x</note.a>":              "<note.a>x</note.a>",
		"<note-a>x</note-a>":              "<note-a>x</note-a>",
		"<no>x</no>":                      "<no>x</no>",
		"<html><note>x</note></html>":     "<html></html>",
		"<nöte>x</nöte>":                  "<nöte>x</nöte>",
		"vector<note>{} and list<note>()": "vector<note>{} and list<note>()",
		"ä<note>ö</note>ü\xff":            "äü\xff",
	} {
		rest, dropped := tags.Drop(text)
		if rest != want || dropped != (text != want) {
			t.Errorf("%q: %q, %v, expected %q", text, rest, dropped, want)
		}
		if rest, dropped := (Tags{}).Drop(text); rest != text || dropped {
			t.Errorf("%q without tags: %q", text, rest)
		}
	}
}

func TestNewTagsRefuses(t *testing.T) {
	for _, name := range []string{"", "<note>", "a b", "1a", "-a", "nöte", "a/b"} {
		if _, err := NewTags([]string{"fine", name}); err == nil {
			t.Errorf("%q: no error", name)
		}
	}
}

// TestRequestDrops has the forms in which clients send what they add: a message or a part of its
// own, and a part of a text.
func TestRequestDrops(t *testing.T) {
	const added = `<system-reminder>The list is empty.</system-reminder>`
	for request, want := range map[string]struct{ last, first, users, all string }{
		`[{"role": "user", "content": "one"}, {"role": "assistant", "content": "yes"}, {"role": "user", "content": "` + added + `"}]`:                              {"one", "one", "one", "one\nyes"},
		`[{"role": "user", "content": "` + added + `"}, {"role": "user", "content": "one"}]`:                                                                       {"one", "one", "one", "one"},
		`[{"role": "user", "content": "one"}, {"role": "user", "content": [{"type": "text", "text": "` + added + `"}, {"type": "text", "text": "two"}]}]`:          {"two", "one", "one\ntwo", "one\ntwo"},
		`[{"role": "user", "content": [{"type": "input_text", "text": "` + added + `\none"}]}, {"type": "function_call_output", "call_id": "c", "output": "no"}]`:  {"one", "one", "one", "one"},
		`[{"role": "user", "content": "one"}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": "no"}]}]`:                        {"one", "one", "one", "one"},
		`[{"role": "user", "content": "one"}, {"role": "user", "content": [{"type": "tool_result", "content": "no"}, {"type": "text", "text": "` + added + `"}]}]`: {"one", "one", "one", "one"},
		`[{"role": "user", "content": "one"}, {"role": "user", "content": [{"type": "tool_result", "content": "no"}, {"type": "text", "text": "stop"}]}]`:          {"stop", "one", "one\nstop", "one\nstop"},
		`[{"role": "developer", "content": "brief"}, {"role": "user", "content": "one"}, {"role": "developer", "content": "` + added + `"}]`:                       {"one", "one", "one", "brief\none"},
		`[{"role": "user", "content": "one"}, {"role": "user", "content": [{"type": "text", "text": "` + added + `"}, {"type": "image_url", "image_url": {}}]}]`:   {"", "one", "one", "one"},
		`[{"role": "user", "content": "one"}, {"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]`:                                              {"", "one", "one", "one"},
		`[{"role": "user", "content": "one"}, {"role": "user", "content": ""}]`:                                                                                    {"", "one", "one", "one"},
		`[{"role": "system", "content": "sys ` + added + `"}, {"role": "user", "content": "` + added + `"}]`:                                                       {"", "", "", "sys"},
		`["one", "` + added + `"]`: {"one", "one", "one", "one"},
		`"` + added + ` one"`:      {"one", "one", "one", "one"},
		`"` + added + `"`:          {"", "", "", ""},
		`"\u003csystem-reminder>x\u003c/system-reminder>one"`: {"one", "one", "one", "one"},
	} {
		for mode, text := range map[Mode]string{"": want.last, Last: want.last, First: want.first, Users: want.users, All: want.all} {
			o := RequestOptions{mode, tagsOf(t, "system-reminder")}
			if got := Request(gjson.Parse(request), o); got != text {
				t.Errorf("%s, mode %q: %q, expected %q", request, mode, got, text)
			}
		}
	}
}

// hostile are texts that cost much if their parts are looked for again and again.
func hostile(bytes int) map[string]string {
	texts := map[string]string{}
	for name, piece := range map[string]string{
		"openings": "<note>", "unfinished": "<note ", "closings": "</note>", "self-closing": "<note/>", "brackets": "<", "slashes": "</",
		"two openings": "<note><memo>", "crossed": "<note><memo></note></memo>", "long attribute": "<note " + strings.Repeat("a", 5000), "pairs": "<note></note>",
	} {
		texts[name] = strings.Repeat(piece, bytes/len(piece))
	}
	half := bytes / 14
	texts["all openings, then all closings"] = strings.Repeat("<note>", half) + strings.Repeat("</note>", half)
	texts["closings of the other"] = strings.Repeat("<note>", half) + strings.Repeat("</memo>", half)
	texts["one open, then closings of the other"] = "<memo>" + strings.Repeat("<note>", half) + strings.Repeat("</memo>", half)
	texts["an attribute without end"] = "<note " + strings.Repeat("a", bytes)
	return texts
}

// TestDropHostile would not end if the time were not linear.
func TestDropHostile(t *testing.T) {
	tags := tagsOf(t, "note", "memo")
	for name, text := range hostile(4 << 20) {
		if rest, _ := tags.Drop(text); len(rest) > len(text) {
			t.Errorf("%s: longer", name)
		}
	}
}

// FuzzDrop expects parts in order that begin and end with a tag, and the characters of what
// remains in the text, in order.
func FuzzDrop(f *testing.F) {
	for _, text := range []string{"<note>x</note>", "a <note b='c'>x<note/></NOTE >d", "<note><memo></note></memo>", "<no<note>x</note>te>y</note>", "<note", "</note>"} {
		f.Add(text)
	}
	tags, err := NewTags([]string{"note", "memo"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rest, dropped := tags.Drop(text)
		if !dropped && rest != text {
			t.Fatalf("%q changes to %q", text, rest)
		}
		at := 0
		for _, p := range tags.find(text) {
			if p.from < at || p.to <= p.from || p.to > len(text) || text[p.from] != '<' || text[p.to-1] != '>' {
				t.Fatalf("%q: part %v after %d", text, p, at)
			}
			at = p.to
		}
		for i := 0; i < len(rest); i++ {
			next := strings.IndexByte(text, rest[i])
			if next < 0 {
				t.Fatalf("%q is not in %q", rest, text)
			}
			text = text[next+1:]
		}
	})
}
