package prompttext

import (
	"fmt"
	"strings"

	"github.com/tidwall/gjson"
)

// shown is the largest number of keys that an error lists.
const shown = 6

// foundObject describes an object by its keys.
func foundObject(v gjson.Result) string {
	var keys []string
	v.ForEach(func(k, _ gjson.Result) bool {
		keys = append(keys, plainKey(k.Str))
		return true
	})
	switch {
	case len(keys) == 0:
		return "an empty object"
	case len(keys) == 1:
		return "an object with the key " + keys[0]
	case len(keys) > shown:
		return fmt.Sprintf("an object with the keys %s and %d more", strings.Join(keys[:shown], ", "), len(keys)-shown)
	}
	return "an object with the keys " + strings.Join(keys, ", ")
}

// plainKey returns a key as an error shows it: quoted if it has odd characters, and cut.
func plainKey(key string) string {
	const longest = 30
	odd := func(r rune) bool { return r <= ' ' || r == ',' || r == '"' || r > '~' }
	if len(key) > longest {
		key = strings.ToValidUTF8(key[:longest], "") + "..."
	}
	if key == "" || strings.ContainsFunc(key, odd) {
		return fmt.Sprintf("%q", key)
	}
	return key
}

// textKeys lists the keys with texts or lists, which may be prompts. Keys that a dotted path
// cannot name are left out.
func textKeys(v gjson.Result) []string {
	var keys []string
	v.ForEach(func(k, value gjson.Result) bool {
		if (value.Type == gjson.String || value.IsArray()) && !strings.ContainsAny(k.Str, ".[] ") && k.Str == plainKey(k.Str) {
			keys = append(keys, k.Str)
		}
		return true
	})
	return keys
}

// foundList describes a list by its items.
func foundList(items []gjson.Result) string {
	kind := kindOf(items[0])
	for _, v := range items[1:] {
		if kindOf(v) != kind {
			return fmt.Sprintf("a list of %d values of several kinds", len(items))
		}
	}
	text := fmt.Sprintf("a list of %d %ss", len(items), kind)
	if len(items) == 1 {
		text = strings.TrimSuffix(text, "s")
	}
	if kind == "object" {
		text += ": first " + foundObject(items[0])
	}
	return text
}

func kindOf(v gjson.Result) string {
	switch {
	case v.IsObject():
		return "object"
	case v.IsArray():
		return "list"
	case v.Type == gjson.String:
		return "text"
	case v.Type == gjson.Number:
		return "number"
	case v.Type == gjson.Null:
		return "null"
	}
	return "boolean"
}
