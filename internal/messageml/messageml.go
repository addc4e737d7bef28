// Package messageml converts MessageML, the markup that bots and people send, into
// PresentationML and EntityJSON, the forms in which messages are stored and read. It answers as
// the published Agent does, error texts included.
//
// A conversion has these steps: the data is read (package jsontree), the template is run (package
// freemarker), the XML is parsed (package xmltree), elements are built and checked depth first
// (build.go), and the result is written (write.go). Each file that is named for a tag declares
// what the tag takes and what becomes of it.
//
// Not inside: the database and HTTP. The caller hands in how users are looked up and which
// URI schemes the company allows. Nothing outside of the message is read.
package messageml

import (
	"strings"
	"unicode"

	"podium/internal/messageml/freemarker"
	"podium/internal/messageml/jsontree"
	"podium/internal/messageml/xmltree"
)

// Limits of one message.
const (
	MaxBytes    = 1_500_000 // of message and data together
	MaxText     = 81_130    // characters of text
	MaxEntities = 80        // entries that shorthand tags add to EntityJSON
)

// User is an account that a message mentions.
type User struct {
	ID    int64
	Name  string // the display name
	Email string
}

// Users are the accounts that a message mentions, as far as its author may see them.
type Users struct {
	ByID    map[int64]User
	ByEmail map[string]User // keys as they were asked for
}

// Options says on what ground a message is converted.
type Options struct {
	// Version is the version of MessageML that the request names; empty means 2.0.
	Version string

	// Users looks up all accounts that the message mentions, in one call. Nil finds none. An
	// error of it ends the conversion and is returned as it is.
	Users func(ids []int64, emails []string) (Users, error)

	// SchemeAllowed reports whether links may have the URI scheme, which is in lower case. Nil
	// allows http, https and mailto.
	SchemeAllowed func(scheme string) bool

	// NewID returns a short random id for generated attributes. Nil draws one of 60 random bits.
	NewID func() string
}

// Message is a converted message.
type Message struct {
	PresentationML string
	Data           string  // EntityJSON; "{}" without entities
	Text           string  // the text of the message, nothing between its blocks
	Words          string  // the text, with spaces between blocks: for search
	Mentions       []int64 // ids of mentioned accounts, each once
	Hashtags       []string
	Cashtags       []string
	Forms          []Form
}

// Error is what is wrong with a message, in the published words.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

// Convert converts a message with its data. What is wrong with the message is an *Error; any
// other error comes from Options.Users.
func Convert(message, data string, o Options) (*Message, error) {
	if len(message)+len(data) > MaxBytes {
		return nil, refuse("Error parsing message: message and data are larger than %d bytes", MaxBytes)
	}
	if blank(message) {
		return nil, refuse("Error parsing message: the message cannot be null or empty")
	}
	entities, err := parseData(data)
	if err != nil {
		return nil, err
	}
	if freemarker.Triggered(message) {
		if message, err = freemarker.Run(message, entities); err != nil {
			return nil, refuse("%s", err.Error())
		}
	}
	if i := strings.IndexFunc(message, forbiddenControl); i >= 0 {
		return nil, refuse("Invalid control characters in message")
	}
	tree, err := xmltree.Parse(message)
	if err != nil {
		return nil, refuse("Invalid messageML: %s", err.Error())
	}
	b := &builder{options: o, data: entities}
	root, err := b.document(tree)
	if err != nil {
		return nil, err
	}
	return b.message(root)
}

// blank reports whether the text has nothing but white space, as Java sees it.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		nonBreaking := r == 0xA0 || r == 0x2007 || r == 0x202F
		return (!unicode.IsSpace(r) || nonBreaking || r == 0x85) && (r < 0x1C || r > 0x1F)
	}) < 0
}

func forbiddenControl(r rune) bool { return r < 0x20 && r != '\t' && r != '\n' && r != '\r' }

// parseData reads EntityJSON: an object, or a string that contains one.
func parseData(data string) (*jsontree.Object, error) {
	if blank(data) {
		return jsontree.NewObject(), nil
	}
	v, err := jsontree.Parse(data)
	if err != nil {
		return nil, refuse("Error parsing EntityJSON: %s", err.Error())
	}
	if text, ok := v.(string); ok {
		if v, err = jsontree.Parse(text); err != nil {
			return nil, refuse("Error parsing EntityJSON: %s", err.Error())
		}
	}
	object, ok := v.(*jsontree.Object)
	if !ok {
		return nil, refuse("Error parsing EntityJSON: provided content is not a JSON object")
	}
	return object, nil
}
