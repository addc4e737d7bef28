package messageml

import (
	"strings"
	"unicode"
)

// uriScheme returns the text before the first colon if that can be a scheme, else "".
func uriScheme(text string) string {
	scheme, _, ok := strings.Cut(text, ":")
	if !ok || scheme == "" || !isASCIILetter(scheme[0]) {
		return ""
	}
	for i := range len(scheme) {
		c := scheme[i]
		if !isASCIILetter(c) && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return ""
		}
	}
	return scheme
}

func isASCIILetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// isURI reports whether Java's class URI takes the text: RFC 2396 with other letters than those of
// ASCII, which the published Agent's verdict depends on.
func isURI(text string) bool {
	rest := text
	if head, fragment, ok := strings.Cut(rest, "#"); ok {
		if !uriCharacters(fragment, "/?@[]") {
			return false
		}
		rest = head
	}
	colon := strings.IndexByte(rest, ':')
	if slash := strings.IndexAny(rest, "/?"); colon >= 0 && (slash < 0 || colon < slash) {
		scheme := uriScheme(rest)
		if scheme == "" {
			return false
		}
		rest = rest[len(scheme)+1:]
		if rest == "" {
			return false
		}
		if rest[0] != '/' { // opaque
			return uriCharacters(rest, "/?@[]")
		}
	}
	path, query, _ := strings.Cut(rest, "?")
	if !uriCharacters(query, "/?@[]") {
		return false
	}
	if after, ok := strings.CutPrefix(path, "//"); ok {
		authority, tail, slash := strings.Cut(after, "/")
		if authority == "" && !slash && rest == path { // "http://"
			return false
		}
		if authority == "" && !slash {
			return false
		}
		if !isAuthority(authority) {
			return false
		}
		path = tail
	}
	return uriCharacters(path, "/@")
}

// isAuthority reports whether the text can name a server, or a registry as RFC 2396 has it.
func isAuthority(text string) bool {
	if open := strings.IndexByte(text, '['); open >= 0 {
		end := strings.IndexByte(text, ']')
		if end < open || !uriCharacters(text[:open], "@") || strings.Trim(text[open+1:end], "0123456789abcdefABCDEF:.%") != "" || end == open+1 {
			return false
		}
		port := text[end+1:]
		return port == "" || port[0] == ':' && strings.Trim(port[1:], "0123456789") == ""
	}
	return uriCharacters(text, "@")
}

// uriCharacters reports whether the text consists of escapes and of characters that stand for
// themselves, with more beside those that are always allowed.
func uriCharacters(text, more string) bool {
	for i, r := range text {
		switch {
		case r >= 0x80:
			if unicode.IsControl(r) || unicode.IsSpace(r) || unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar {
				return false
			}
		case isASCIILetter(byte(r)), '0' <= r && r <= '9', strings.ContainsRune("_-!.~'()*,;:$&+=", r), strings.ContainsRune(more, r):
		case r == '%':
			if len(text) < i+3 || !isHex(text[i+1]) || !isHex(text[i+2]) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
