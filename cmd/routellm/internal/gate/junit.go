package gate

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
)

// suites is the root element of JUnit's XML, which CI systems read.
type suites struct {
	XMLName xml.Name `xml:"testsuites"`
	Suite   suite    `xml:"testsuite"`
}

type suite struct {
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Skipped  int        `xml:"skipped,attr"`
	Cases    []testcase `xml:"testcase"`
}

type testcase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	Failure *message `xml:"failure"`
	Error   *message `xml:"error"`
	Skipped *message `xml:"skipped"`
}

type message struct {
	Text string `xml:"message,attr"`
}

// WriteJUnit writes JUnit XML with one test case per verdict. A failed rule is a failure, an
// inconclusive one an error, a waived one skipped.
func WriteJUnit(w io.Writer, all []Verdict) error {
	s := suite{Name: "routellm gate", Tests: len(all)}
	for _, v := range all {
		c := testcase{Class: v.Target, Name: v.Rule.Name}
		m := &message{v.Explain()}
		switch v.Status {
		case Fail:
			c.Failure = m
			s.Failures++
		case Inconclusive:
			c.Error = m
			s.Errors++
		case Waived:
			c.Skipped = m
			s.Skipped++
		}
		s.Cases = append(s.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suites{Suite: s}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// Number returns the full path of the number that was checked.
func (v Verdict) Number() string {
	if v.Rule.Delta {
		return "delta." + v.Target
	}
	return v.Target
}

// Explain returns the verdict in words: the number, the bound and the reason.
func (v Verdict) Explain() string {
	text := "no number"
	if !math.IsNaN(v.Value) {
		text = fmt.Sprintf("%.5g", v.Value)
	}
	text += fmt.Sprintf(", expected %s %v", v.Rule.Op, v.Rule.Bound)
	if v.Reason != "" {
		text += ": " + v.Reason
	}
	return text
}
