package xmltree

import "strings"

// declaration reads <?xml … ?>. A declared encoding is ignored: the text is UTF-8 by the time it
// is here.
func (p *parser) declaration() error {
	p.at += len("<?xml")
	end := strings.Index(p.text[p.at:], "?>")
	if end < 0 {
		return fail("The XML declaration must end with \"?>\".")
	}
	d := &parser{text: p.text[p.at : p.at+end]}
	p.at += end + 2
	n := &Node{Name: "xml"}
	for d.space() && d.at < len(d.text) {
		if !nameStart(d.text[d.at:]) {
			break
		}
		if err := d.attribute(n); err != nil {
			return err
		}
	}
	if d.at < len(d.text) {
		return fail("The XML declaration must end with \"?>\".")
	}
	at := 0
	next := func(name string) (string, bool) {
		if at < len(n.Attributes) && n.Attributes[at].Name == name {
			at++
			return n.Attributes[at-1].Value, true
		}
		return "", false
	}
	version, ok := next("version")
	if !ok {
		return fail(`The version is required in the XML declaration.`)
	}
	if version != "1.0" && version != "1.1" {
		return fail(`XML version "%s" is not supported, only XML 1.0 is supported.`, version)
	}
	next("encoding")
	if standalone, ok := next("standalone"); ok && standalone != "yes" && standalone != "no" {
		return fail(`The standalone document declaration value must be "yes" or "no", not "%s".`, standalone)
	}
	if at < len(n.Attributes) {
		return fail("The XML declaration must end with \"?>\".")
	}
	return nil
}
