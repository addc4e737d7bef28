package messageml

import "strings"

var link = &kind{name: "a", class: "link", bit: inLink, attributes: global.with(attributes{"href": {read: readLink}}),
	check: func(b *builder, e *element) error {
		if err := e.require("href"); err != nil {
			return err
		}
		if err := b.checkLink(e.attr("href")); err != nil {
			return err
		}
		if len(e.children) == 0 {
			e.children = append(e.children, &element{parent: e, text: e.attr("href")})
		}
		return nil
	},
	write: same("a"),
}

// readLink refuses what is no URI.
func readLink(_ *builder, _ *element, href string) (string, error) {
	if !isURI(href) {
		return "", refuse(`Invalid input: null must be a URI value not "%s"`, href)
	}
	return href, nil
}

// checkLink refuses what is no absolute URI of an allowed scheme.
func (b *builder) checkLink(href string) error {
	if href == "" {
		return refuse(`The attribute "href" cannot be empty`)
	}
	scheme := uriScheme(href)
	if scheme == "" {
		return refuse(`The attribute "href" must contain an absolute URI`)
	}
	if !b.schemeAllowed(strings.ToLower(scheme)) {
		return refuse(`URI scheme "%s" is not supported by the pod.`, scheme)
	}
	return nil
}

func (b *builder) schemeAllowed(scheme string) bool {
	if b.options.SchemeAllowed != nil {
		return b.options.SchemeAllowed(scheme)
	}
	return scheme == "http" || scheme == "https" || scheme == "mailto"
}
