// Package markup has the elements and attributes of HTML that the report uses, as gomponents has them.
//
// gomponents is made to be inlined, which writes an element's code anew at each of hundreds of places:
// 300 kB of the program. Here all elements share one function, all attributes another.
package markup

import (
	g "maragu.dev/gomponents"
	"maragu.dev/gomponents/html"
)

// El returns an element.
//
//go:noinline
func El(name string, children ...g.Node) g.Node { return g.El(name, children...) }

// Attr returns an attribute: with a value, or without one.
//
//go:noinline
func Attr(name string, value ...string) g.Node { return g.Attr(name, value...) }

// Text returns text, escaped.
//
//go:noinline
func Text(text string) g.Node { return g.Text(text) }

// If returns a node if a condition holds.
//
//go:noinline
func If(condition bool, node g.Node) g.Node { return g.If(condition, node) }

// Aria returns an attribute whose name begins with aria-.
func Aria(name, value string) g.Node { return Attr("aria-"+name, value) }

// Data returns an attribute whose name begins with data-.
func Data(name, value string) g.Node { return Attr("data-"+name, value) }

// Doctype puts the declaration of HTML before an element.
func Doctype(sibling g.Node) g.Node { return html.Doctype(sibling) }

// Checked returns the attribute of a box that is ticked.
func Checked() g.Node { return Attr("checked") }

// Selected returns the attribute of an option that is chosen.
func Selected() g.Node { return Attr("selected") }

// ReadOnly returns the attribute of a field that cannot be changed.
func ReadOnly() g.Node { return Attr("readonly") }

// TitleEl returns the element title.
func TitleEl(children ...g.Node) g.Node { return El("title", children...) }

// StyleEl returns the element style.
func StyleEl(children ...g.Node) g.Node { return El("style", children...) }

// A returns the element a.
func A(children ...g.Node) g.Node { return El("a", children...) }

// Bdi returns the element bdi: its direction of text changes nothing beside it.
func Bdi(children ...g.Node) g.Node { return El("bdi", children...) }

// Body returns the element body.
func Body(children ...g.Node) g.Node { return El("body", children...) }

// Button returns the element button.
func Button(children ...g.Node) g.Node { return El("button", children...) }

// Caption returns the element caption.
func Caption(children ...g.Node) g.Node { return El("caption", children...) }

// Code returns the element code.
func Code(children ...g.Node) g.Node { return El("code", children...) }

// Dd returns the element dd.
func Dd(children ...g.Node) g.Node { return El("dd", children...) }

// Details returns the element details.
func Details(children ...g.Node) g.Node { return El("details", children...) }

// Div returns the element div.
func Div(children ...g.Node) g.Node { return El("div", children...) }

// Dl returns the element dl.
func Dl(children ...g.Node) g.Node { return El("dl", children...) }

// Dt returns the element dt.
func Dt(children ...g.Node) g.Node { return El("dt", children...) }

// FieldSet returns the element fieldset.
func FieldSet(children ...g.Node) g.Node { return El("fieldset", children...) }

// FigCaption returns the element figcaption.
func FigCaption(children ...g.Node) g.Node { return El("figcaption", children...) }

// Figure returns the element figure.
func Figure(children ...g.Node) g.Node { return El("figure", children...) }

// Form returns the element form.
func Form(children ...g.Node) g.Node { return El("form", children...) }

// H1 returns the element h1.
func H1(children ...g.Node) g.Node { return El("h1", children...) }

// H2 returns the element h2.
func H2(children ...g.Node) g.Node { return El("h2", children...) }

// H3 returns the element h3.
func H3(children ...g.Node) g.Node { return El("h3", children...) }

// HTML returns the element html.
func HTML(children ...g.Node) g.Node { return El("html", children...) }

// Head returns the element head.
func Head(children ...g.Node) g.Node { return El("head", children...) }

// Header returns the element header.
func Header(children ...g.Node) g.Node { return El("header", children...) }

// Input returns the element input.
func Input(children ...g.Node) g.Node { return El("input", children...) }

// Label returns the element label.
func Label(children ...g.Node) g.Node { return El("label", children...) }

// Legend returns the element legend.
func Legend(children ...g.Node) g.Node { return El("legend", children...) }

// Li returns the element li.
func Li(children ...g.Node) g.Node { return El("li", children...) }

// Main returns the element main.
func Main(children ...g.Node) g.Node { return El("main", children...) }

// Meta returns the element meta.
func Meta(children ...g.Node) g.Node { return El("meta", children...) }

// Nav returns the element nav.
func Nav(children ...g.Node) g.Node { return El("nav", children...) }

// NoScript returns the element noscript.
func NoScript(children ...g.Node) g.Node { return El("noscript", children...) }

// Ol returns the element ol.
func Ol(children ...g.Node) g.Node { return El("ol", children...) }

// Option returns the element option.
func Option(children ...g.Node) g.Node { return El("option", children...) }

// P returns the element p.
func P(children ...g.Node) g.Node { return El("p", children...) }

// SVG returns the element svg.
func SVG(children ...g.Node) g.Node { return El("svg", children...) }

// Script returns the element script.
func Script(children ...g.Node) g.Node { return El("script", children...) }

// Section returns the element section.
func Section(children ...g.Node) g.Node { return El("section", children...) }

// Select returns the element select.
func Select(children ...g.Node) g.Node { return El("select", children...) }

// Span returns the element span.
func Span(children ...g.Node) g.Node { return El("span", children...) }

// Summary returns the element summary.
func Summary(children ...g.Node) g.Node { return El("summary", children...) }

// TBody returns the element tbody.
func TBody(children ...g.Node) g.Node { return El("tbody", children...) }

// THead returns the element thead.
func THead(children ...g.Node) g.Node { return El("thead", children...) }

// Table returns the element table.
func Table(children ...g.Node) g.Node { return El("table", children...) }

// Td returns the element td.
func Td(children ...g.Node) g.Node { return El("td", children...) }

// Textarea returns the element textarea.
func Textarea(children ...g.Node) g.Node { return El("textarea", children...) }

// Th returns the element th.
func Th(children ...g.Node) g.Node { return El("th", children...) }

// Time returns the element time.
func Time(children ...g.Node) g.Node { return El("time", children...) }

// Tr returns the element tr.
func Tr(children ...g.Node) g.Node { return El("tr", children...) }

// Ul returns the element ul.
func Ul(children ...g.Node) g.Node { return El("ul", children...) }

// Charset returns the attribute charset.
func Charset(value string) g.Node { return Attr("charset", value) }

// Class returns the attribute class.
func Class(value string) g.Node { return Attr("class", value) }

// Content returns the attribute content.
func Content(value string) g.Node { return Attr("content", value) }

// Href returns the attribute href.
func Href(value string) g.Node { return Attr("href", value) }

// ID returns the attribute id.
func ID(value string) g.Node { return Attr("id", value) }

// Lang returns the attribute lang.
func Lang(value string) g.Node { return Attr("lang", value) }

// Max returns the attribute max.
func Max(value string) g.Node { return Attr("max", value) }

// Min returns the attribute min.
func Min(value string) g.Node { return Attr("min", value) }

// Name returns the attribute name.
func Name(value string) g.Node { return Attr("name", value) }

// Role returns the attribute role.
func Role(value string) g.Node { return Attr("role", value) }

// Rows returns the attribute rows.
func Rows(value string) g.Node { return Attr("rows", value) }

// Scope returns the attribute scope.
func Scope(value string) g.Node { return Attr("scope", value) }

// Step returns the attribute step.
func Step(value string) g.Node { return Attr("step", value) }

// TabIndex returns the attribute tabindex.
func TabIndex(value string) g.Node { return Attr("tabindex", value) }

// Type returns the attribute type.
func Type(value string) g.Node { return Attr("type", value) }

// Value returns the attribute value.
func Value(value string) g.Node { return Attr("value", value) }
