package reply

import (
	"strings"

	"github.com/tidwall/gjson"

	"github.com/routellm/routellm/cmd/routellm/internal/serve/body"
)

// Keep says what of the answer is for the client.
type Keep struct {
	Logprobs bool // log-probabilities of tokens
	Top      int  // and of this number of alternatives to each token
	Usage    bool // the event with the token counts, at the end of a stream
}

// Content returns the answer without what is not for the client. Every other byte stays.
func (r *Reply) Content(k Keep) body.Content {
	var edits []body.Edit
	if k.Logprobs {
		for _, e := range r.edits {
			edits = append(edits, fewer(r.raw[e.At:e.End], e.At, k.Top)...)
		}
	} else {
		edits = append(edits, r.edits...)
	}
	if !k.Usage {
		edits = append(edits, r.counts...)
	}
	return body.Edited(r.raw, edits)
}

// fewer cuts the alternatives to each token down to a number. raw are the log-probabilities of an
// answer or of an event, which begin at a place. OpenAI's form lists the likeliest first. The older form,
// in which alternatives have no order, is left.
func fewer(raw string, at, top int) (edits []body.Edit) {
	gjson.Get(raw, "content").ForEach(func(_, token gjson.Result) bool {
		list, n := token.Get("top_logprobs"), 0
		list.ForEach(func(_, alternative gjson.Result) bool {
			if n++; n <= top {
				return true
			}
			from := alternative.Index
			if top > 0 { // with the comma before it
				from = strings.LastIndexByte(raw[:from], ',')
			}
			edits = append(edits, body.Edit{At: at + from, End: at + list.Index + len(list.Raw) - 1})
			return false
		})
		return true
	})
	return edits
}
