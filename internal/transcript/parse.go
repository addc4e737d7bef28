package transcript

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// transcript is a parsed file.
type transcript struct {
	lines     []string
	exchanges []exchange
}

// exchange is one request and its expected answer. Lines count from zero.
type exchange struct {
	line                int
	actor, method, path string
	headers             []header
	body                string
	requestEnd          int  // the line after the request
	crowded             bool // there is no empty line after the request

	expects          bool // there is a status line
	status           int
	statusLine       int
	answerHeaders    []header
	answer           *value // nil: no body
	bodyLine, bodyTo int    // the lines of the body, or where a body would be inserted
	captures         []capture
}

type header struct {
	line        int
	name, value string
}

type capture struct {
	line       int
	name, from string
}

var (
	actorLine   = regexp.MustCompile(`^[A-Za-z][\w-]*>`)
	requestLine = regexp.MustCompile(`^([A-Za-z][\w-]*)> ([A-Z]+) (/\S*)$`)
	headerLine  = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9-]*):(?: (.*))?$`)
	statusLine  = regexp.MustCompile(`^[1-5][0-9][0-9]$`)
	captureLine = regexp.MustCompile(`^([A-Za-z_]\w*) = (\S+)$`)
)

// parser reads the lines of a file.
type parser struct {
	lines []string
	at    int
}

// parse parses a file. Its errors begin with a line number.
func parse(text string) (*transcript, error) {
	p := &parser{lines: strings.Split(text, "\n")}
	parsed := &transcript{lines: p.lines}
	for ; p.at < len(p.lines); p.at++ {
		switch line := p.line(); {
		case blank(line), line == "---", strings.HasPrefix(line, "#"):
		case actorLine.MatchString(line):
			x, err := p.exchange()
			if err != nil {
				return nil, err
			}
			parsed.exchanges = append(parsed.exchanges, x)
			p.at--
		default:
			return nil, p.wrong("a request such as `bob> GET /path` should stand here")
		}
	}
	return parsed, nil
}

func (p *parser) exchange() (exchange, error) {
	parts := requestLine.FindStringSubmatch(strings.TrimRight(p.line(), " \t\r"))
	if parts == nil {
		return exchange{}, p.wrong("a request is written `bob> GET /path`")
	}
	x := exchange{line: p.at, actor: parts[1], method: parts[2], path: parts[3]}
	p.at++
	x.headers = p.headers()
	x.requestEnd = p.at
	if !p.ended() && !blank(p.line()) {
		return x, p.wrong("a header or an empty line should stand here")
	}
	var lines []string
	for afterBlank := true; !p.ended(); p.at++ {
		line := p.line()
		if afterBlank && (statusLine.MatchString(line) || captureLine.MatchString(line)) {
			break
		}
		if afterBlank = blank(line); !afterBlank {
			x.requestEnd = p.at + 1
		}
		lines = append(lines, line)
	}
	x.crowded = x.requestEnd < len(p.lines) && !blank(p.lines[x.requestEnd])
	x.body = strings.Trim(strings.Join(lines, "\n"), "\n\r \t")
	if !p.ended() && statusLine.MatchString(p.line()) {
		if err := p.answer(&x); err != nil {
			return x, err
		}
	}
	for ; !p.ended() && !blank(p.line()) || p.more(); p.at++ {
		if blank(p.line()) {
			continue
		}
		parts := captureLine.FindStringSubmatch(p.line())
		if parts == nil {
			return x, p.wrong("a capture such as `id = .user.id` should stand here")
		}
		x.captures = append(x.captures, capture{p.at, parts[1], parts[2]})
	}
	return x, nil
}

// answer parses the expected status, headers and body.
func (p *parser) answer(x *exchange) error {
	x.expects, x.statusLine = true, p.at
	x.status, _ = strconv.Atoi(p.line())
	p.at++
	x.answerHeaders = p.headers()
	x.bodyLine, x.bodyTo = p.at, p.at
	var lines []string
	for ; !p.ended() && !captureLine.MatchString(p.line()); p.at++ {
		if !blank(p.line()) {
			if len(lines) == 0 {
				x.bodyLine = p.at
			}
			lines, x.bodyTo = p.lines[x.bodyLine:p.at+1], p.at+1
		}
	}
	if len(lines) == 0 {
		return nil
	}
	body, err := parseExpected(strings.Join(lines, "\n"))
	if err != nil {
		return fmt.Errorf("%d: the expected body: %w", x.bodyLine+1, err)
	}
	x.answer = &body
	return nil
}

func (p *parser) headers() []header {
	var list []header
	for ; !p.ended(); p.at++ {
		parts := headerLine.FindStringSubmatch(p.line())
		if parts == nil {
			break
		}
		list = append(list, header{p.at, parts[1], strings.TrimSpace(parts[2])})
	}
	return list
}

func (p *parser) line() string { return p.lines[p.at] }

// ended reports whether the exchange ends before the current line.
func (p *parser) ended() bool {
	if p.at >= len(p.lines) {
		return true
	}
	line := p.line()
	return line == "---" || strings.HasPrefix(line, "#") || actorLine.MatchString(line)
}

// more reports whether the exchange has another non-empty line.
func (p *parser) more() bool {
	for ahead := *p; !ahead.ended(); ahead.at++ {
		if !blank(ahead.line()) {
			return true
		}
	}
	return false
}

func (p *parser) wrong(what string) error { return fmt.Errorf("%d: %s", p.at+1, what) }

func blank(line string) bool { return strings.TrimSpace(line) == "" }
