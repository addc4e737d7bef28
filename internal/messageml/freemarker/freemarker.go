// Package freemarker runs templates in the part of the FreeMarker language (version 2.3) that
// messages use: interpolations, if, list, switch, assign, noparse, comments, and the built-ins of
// builtin.go. Whatever reaches outside of the message (include, import, new, api, eval …) is
// refused, and each run has a budget, so that a template ends soon.
//
// A template is parsed into nodes (parse.go, expression.go) which write themselves (run.go).
package freemarker

import (
	"fmt"
	"strings"

	"podium/internal/messageml/jsontree"
)

// The budget of one run.
const (
	maxSteps  = 100_000   // nodes written and expressions evaluated
	maxBytes  = 4_000_000 // of all texts and lists that are made on the way
	maxOutput = 1_500_000 // bytes
	maxDepth  = 100       // of nested directives and of nested expressions
)

// Triggered reports whether the text has anything that a template begins with. A text without is
// no template, and stays as it is.
func Triggered(text string) bool {
	for _, mark := range []string{"<#", "<@", "${", "#{"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// Error says why a template cannot be run, in the published words.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

// Run runs a template. The data is what it knows as data and as entity.
func Run(text string, data *jsontree.Object) (string, error) {
	nodes, err := parse(text)
	if err != nil {
		return "", err
	}
	object := fromJSON(data)
	r := &run{variables: map[string]value{"data": object, "entity": object}}
	if err := r.all(nodes); err != nil && err != errBreak {
		return "", err
	}
	return r.out.String(), nil
}

// position is a place in a template: line and column from 1 on.
type position struct{ line, column int }

// syntax returns the error of a text that is no template.
func syntax(at position, format string, args ...any) error {
	return &Error{Message: fmt.Sprintf("Error parsing EntityJSON: Syntax error in template \"messageML\" in line %d, column %d:\n%s",
		at.line, at.column, fmt.Sprintf(format, args...))}
}

// invalid returns the error of a template that fails while it runs.
func invalid(at position) error {
	return &Error{Message: fmt.Sprintf("Error parsing Freemarker template: invalid input at line %d, column %d", at.line, at.column)}
}
