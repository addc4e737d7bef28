package demobot

import (
	"encoding/json"
	"strings"
)

// command is a word by which people ask the bot for something.
type command struct {
	name, does string
	answer     func() string // MessageML, without its root element
}

// commands returns all commands, in the order in which /help lists them.
func commands() []command {
	fixed := func(text string) func() string { return func() string { return text } }
	return []command{
		{"/help", "lists what I understand", help},
		{"/form", "shows a form with every kind of field, and a select that submits at once", fixed(everyField)},
		{"/table", "shows a table", fixed(aTable)},
		{"/card", "shows a card, and cards that expand", fixed(cards)},
		{"/code", "shows code", fixed(code)},
		{"/text", "shows headings, lists, links, tags and emoji", fixed(styles)},
		{"/dialog", "shows buttons that open a dialog", fixed(dialog)},
	}
}

// findCommand returns the command of a text, which may begin with a mention of the bot.
func findCommand(text string) (command, bool) {
	at := strings.LastIndexByte(text, '/')
	if at < 0 || at > 0 && !strings.HasPrefix(text, "@") {
		return command{}, false
	}
	for _, c := range commands() {
		if strings.EqualFold(strings.TrimSpace(text[at:]), c.name) {
			return c, true
		}
	}
	return command{}, false
}

const try = "Try <b>/help</b>."

func greeting(name string) string {
	return "Hello, " + escape(name) + "! I am a bot, here to try things with. " + try
}

func help() string {
	var out strings.Builder
	out.WriteString("<b>What I understand</b><ul>")
	for _, c := range commands() {
		out.WriteString("<li><b>" + c.name + "</b> " + c.does + "</li>")
	}
	out.WriteString("</ul>I send a file back, and repeat anything else. In a room, mention me first.")
	return out.String()
}

// submitted shows the values of a form as a table.
func submitted(name, form string, values json.RawMessage) (string, error) {
	list, err := members(values)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	out.WriteString(escape(name) + " has submitted the form <b>" + escape(form) + "</b>:")
	out.WriteString("<table><thead><tr><th>Field</th><th>Value</th></tr></thead><tbody>")
	for _, m := range list {
		out.WriteString("<tr><td>" + escape(m.name) + "</td><td>" + escape(shortened(shown(m.value))) + "</td></tr>")
	}
	out.WriteString("</tbody></table>")
	return out.String(), nil
}
