package message

import (
	"strings"

	"podium/internal/wire"
	"podium/internal/wording"
)

// maxTag is how many bytes of a tag are compared.
const maxTag = 256

// Hashtag returns a hashtag as message_tags has it.
func Hashtag(tag string) string { return "#" + cut(wording.Fold(strings.TrimPrefix(tag, "#"))) }

// Cashtag returns a cashtag as message_tags has it.
func Cashtag(tag string) string { return "$" + cut(wording.Fold(strings.TrimPrefix(tag, "$"))) }

// Mention returns a mentioned account as message_tags has it.
func Mention(id wire.UserID) string { return "@" + id.String() }

// cut returns the beginning of a tag.
func cut(tag string) string {
	if len(tag) <= maxTag {
		return tag
	}
	return strings.ToValidUTF8(tag[:maxTag], "")
}
