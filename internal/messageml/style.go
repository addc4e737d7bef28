package messageml

import (
	"strings"
)

// readStyle reads a style attribute: names of properties are checked, values are not.
func readStyle(_ *builder, _ *element, text string) (string, error) {
	var unknown []string
	for _, declaration := range declarations(text) {
		if strings.TrimSpace(declaration) == "" {
			continue
		}
		name, _, ok := strings.Cut(declaration, ":")
		if !ok {
			return "", refuse(`Unparseable "style" attribute: %s`, text)
		}
		name = strings.TrimSpace(name)
		if !properties[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return "", refuse(`Invalid property(s): [%s] in the "style" attribute`, strings.Join(unknown, ","))
	}
	return text, nil
}

// declarations splits at semicolons, but not at the one of a data URI.
func declarations(text string) []string {
	var parts []string
	from := 0
	for i := range len(text) {
		if text[i] == ';' && !strings.HasPrefix(text[i:], ";base64,") {
			parts = append(parts, text[from:i])
			from = i + 1
		}
	}
	return append(parts, text[from:])
}

// properties are the names of properties that a style may set.
var properties = propertySet(`align-content align-items align-self
	background background-attachment background-blend-mode background-clip background-color background-image
	background-position background-repeat background-size
	border border-bottom border-bottom-color border-bottom-left-radius border-bottom-right-radius border-bottom-style
	border-bottom-width border-collapse border-color border-image border-image-outset border-image-repeat
	border-image-slice border-image-source border-image-width border-left border-left-color border-left-style
	border-left-width border-radius border-right border-right-color border-right-style border-right-width
	border-spacing border-style border-top border-top-color border-top-left-radius border-top-right-radius
	border-top-style border-top-width border-width
	box-shadow box-sizing caption-side clear color content counter-increment counter-reset display empty-cells
	flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap
	font font-family font-kerning font-size font-size-adjust font-stretch font-style font-variant font-weight gap
	grid grid-area grid-auto-columns grid-auto-flow grid-auto-rows grid-column grid-column-end grid-column-gap
	grid-column-start grid-gap grid-row grid-row-end grid-row-gap grid-row-start grid-template grid-template-areas
	grid-template-columns grid-template-rows
	height justify-content justify-items justify-self letter-spacing line-height
	list-style list-style-image list-style-position list-style-type
	margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width opacity
	outline outline-color outline-offset outline-style outline-width overflow overflow-x overflow-y
	padding padding-bottom padding-left padding-right padding-top place-content place-items place-self
	column-gap row-gap table-layout text-align text-align-last text-decoration text-decoration-color
	text-decoration-line text-decoration-style text-indent text-justify text-overflow text-shadow text-transform
	visibility white-space width word-break word-spacing word-wrap`)

func propertySet(names string) map[string]bool {
	set := make(map[string]bool)
	for name := range strings.FieldsSeq(names) {
		set[name] = true
	}
	return set
}
