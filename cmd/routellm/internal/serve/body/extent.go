package body

import (
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Extent says what a request has that may be too much for a model.
type Extent struct {
	// Chars is the number of code points of all texts: of the messages of every role, of
	// instructions, of the calls of tools and their results, and of the tools' JSON.
	Chars  int
	Images bool // a part of a message is not text: an image, sound, a video or a file
	Tools  bool // the model may call tools or functions
}

// Extent measures the request.
func (b Body) Extent() (e Extent) {
	gjson.Parse(b.raw).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case Messages, Input, Prompt, System, "instructions", "suffix":
			e.add(value, 0)
		case "tools", "functions":
			if value.Get("0").Exists() {
				e.Tools = true
				e.Chars += utf8.RuneCountInString(value.Raw)
			}
		}
		return true
	})
	return e
}

// texts are the keys under which messages and their parts have text, in the APIs of OpenAI and
// Anthropic.
var texts = map[string]bool{
	"content": true, "text": true, "refusal": true, "thinking": true, "reasoning": true, "reasoning_content": true, "summary": true,
	"tool_calls": true, "function_call": true, "function": true, "arguments": true, "input": true, "output": true,
}

// media are the types of parts that are not text.
var media = map[string]bool{
	"image": true, "image_url": true, "image_file": true, "input_image": true, "computer_screenshot": true,
	"audio": true, "audio_url": true, "input_audio": true, "video": true, "video_url": true, "input_video": true,
	"file": true, "input_file": true, "document": true,
}

// deepest is the largest depth of messages: a list of messages, a message, its parts, a part,
// the parts of a tool's result, and a part of those. Every level is read again for the one below,
// so that without a limit a short request could take hours.
const deepest = 8

// add measures a text, a message, a part, or a list of them.
func (e *Extent) add(v gjson.Result, depth int) {
	switch {
	case v.Type == gjson.String:
		e.Chars += utf8.RuneCountInString(v.Str)
	case depth == deepest:
		e.Chars += utf8.RuneCountInString(v.Raw)
	case v.IsArray():
		v.ForEach(func(_, item gjson.Result) bool {
			e.add(item, depth+1)
			return true
		})
	case v.IsObject() && media[v.Get("type").Str]:
		e.Images = true
	case v.IsObject():
		e.addObject(v, depth)
	}
}

// addObject measures a message or a part that is text.
func (e *Extent) addObject(v gjson.Result, depth int) {
	v.ForEach(func(key, value gjson.Result) bool {
		switch {
		case !texts[key.Str]:
		case key.Str == "input" && value.IsObject(): // a call of a tool, with keys of its own
			e.Chars += utf8.RuneCountInString(value.Raw)
		default:
			e.add(value, depth+1)
		}
		return true
	})
}
