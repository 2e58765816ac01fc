package body

import (
	"fmt"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Feedback holds a client's judgement of an answer.
type Feedback struct {
	ID      string
	Quality *float64 // nil if not given
	Thumb   string
	Comment string
}

// MaxComment is the most code points of a comment.
const MaxComment = 2000

// feedbackKeys are the keys of feedback. Another one is an error, since it is most likely a typing
// error in one of them.
var feedbackKeys = foldedNames("id", "quality", "thumb", "comment")

// ParseFeedback reads feedback: a JSON object with an "id", and "quality", "thumb" and "comment"
// as far as they are given. It does not check the values of the first three.
func ParseFeedback(raw string) (Feedback, error) {
	var f Feedback
	top, err := parseObject(raw)
	if err != nil {
		return f, err
	}
	o := object{read: feedbackKeys}
	top.ForEach(func(key, value gjson.Result) bool {
		if err = o.take(key.Str); err == nil && value.Type != gjson.Null {
			err = f.set(key.Str, value)
		}
		return err == nil
	})
	return f, err
}

// set sets the field of a key.
func (f *Feedback) set(key string, value gjson.Result) error {
	texts := map[string]*string{"id": &f.ID, "thumb": &f.Thumb, "comment": &f.Comment}
	text, isText := texts[key]
	switch {
	case feedbackKeys[key] == "":
		return fmt.Errorf("unknown key %q: expected id, quality, thumb or comment", key)
	case isText && value.Type != gjson.String:
		return fmt.Errorf("%q: expected a string", key)
	case isText:
		*text = value.Str
	case value.Type != gjson.Number:
		return fmt.Errorf("%q: expected a number", key)
	default:
		f.Quality = &value.Num
	}
	if utf8.RuneCountInString(f.Comment) > MaxComment {
		return fmt.Errorf(`"comment": expected at most %d characters`, MaxComment)
	}
	return nil
}
