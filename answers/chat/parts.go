package chat

import (
	"encoding/json"
	"fmt"
	"strings"
)

// part is a part of a message in the form of either API.
type part struct {
	Type     string `json:"type"`
	Text     string `json:"text,omitempty"`
	ImageURL any    `json:"image_url,omitempty"` // OpenAI: an object with a url, or the URL
	Source   *image `json:"source,omitempty"`    // Anthropic
}

// image is an image of Anthropic's.
type image struct {
	Type      string `json:"type"` // base64 or url
	MediaType string `json:"media_type,omitempty"`
	Data      string `json:"data,omitempty"`
	URL       string `json:"url,omitempty"`
}

// Text returns the message's text. Of a content that is more than text, it holds the texts and names
// the other parts, such as "[image_url]", each on a line.
func (m Message) Text() string {
	if len(m.Parts) == 0 {
		return m.Content
	}
	var parts []part
	if json.Unmarshal(m.Parts, &parts) != nil {
		return string(m.Parts)
	}
	out := make([]string, len(parts))
	for i, p := range parts {
		if out[i] = p.Text; p.Text == "" {
			out[i] = "[" + p.Type + "]"
		}
	}
	return strings.Join(out, "\n")
}

func wrongMessage(i int, err error) error { return fmt.Errorf("message %d: %w", i+1, err) }

// openAIParts returns parts as OpenAI's API takes them. Parts of Anthropic's form are rewritten, all
// others are sent as they are.
func openAIParts(raw []byte) (any, error) {
	parts, fields, err := readParts(raw)
	if err != nil {
		return nil, err
	}
	for i, p := range parts {
		if p.Type == "image" && p.Source != nil {
			url := p.Source.URL
			if p.Source.Type == "base64" {
				url = "data:" + p.Source.MediaType + ";base64," + p.Source.Data
			}
			if fields[i], err = json.Marshal(part{Type: "image_url", ImageURL: map[string]string{"url": url}}); err != nil {
				return nil, err
			}
		}
	}
	return fields, nil
}

// anthropicParts returns parts as Anthropic's API takes them: texts and images.
func anthropicParts(raw []byte) (any, error) {
	parts, fields, err := readParts(raw)
	if err != nil {
		return nil, err
	}
	for i, p := range parts {
		switch {
		case p.Type == "image_url":
			if fields[i], err = json.Marshal(part{Type: "image", Source: imageOf(p.ImageURL)}); err != nil {
				return nil, err
			}
		case p.Type == "text" || p.Source != nil:
		default:
			return nil, fmt.Errorf("a part of type %q: Anthropic's API takes texts and images", p.Type)
		}
	}
	return fields, nil
}

// readParts reads a list of parts, and keeps each as it is too.
func readParts(raw []byte) (parts []part, fields []json.RawMessage, err error) {
	if err = json.Unmarshal(raw, &parts); err == nil {
		err = json.Unmarshal(raw, &fields)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("its content is not a list of parts: %w", err)
	}
	return parts, fields, nil
}

// imageOf returns the image of a URL, which may hold it.
func imageOf(value any) *image {
	url, _ := value.(string)
	if object, ok := value.(map[string]any); ok {
		url, _ = object["url"].(string)
	}
	if kind, data, ok := strings.Cut(strings.TrimPrefix(url, "data:"), ";base64,"); ok && strings.HasPrefix(url, "data:") {
		return &image{Type: "base64", MediaType: kind, Data: data}
	}
	return &image{Type: "url", URL: url}
}
