package xmltree_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"podium/internal/messageml/xmltree"
)

func TestTree(t *testing.T) {
	t.Parallel()
	root, err := xmltree.Parse("\ufeff<?xml version='1.0'?><!-- c --><a x=\"1\ty\r\nz&#10;\">t&lt;\r\n<b/><?pi d?><![CDATA[<]]><!--c--></a>\n")
	if err != nil {
		t.Fatal(err)
	}
	if root.Name != "a" || root.Attribute("x") != "1 y z\n" || len(root.Children) != 5 || root.Children[0].Text != "t<\n" {
		t.Errorf("%+v", root)
	}
	for i, kind := range []xmltree.Kind{xmltree.Text, xmltree.Element, xmltree.Instruction, xmltree.CDATA, xmltree.Comment} {
		if root.Children[i].Kind != kind {
			t.Errorf("node %d is of kind %d", i, root.Children[i].Kind)
		}
	}
}

func TestDepth(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	if _, err := xmltree.Parse(nested(xmltree.MaxDepth)); err != nil {
		t.Error(err)
	}
	if _, err := xmltree.Parse(nested(xmltree.MaxDepth + 1)); err == nil {
		t.Error("one level more passes")
	}
}

// FuzzParse holds the parser against encoding/xml: what we take, it takes, but for rules that it
// has and XML does not.
func FuzzParse(f *testing.F) {
	f.Add(`<a b="c">d&amp;<e/></a>`)
	f.Add(`<?xml version="1.0"?><a><!-- c --><?p i?></a>`)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, ":") || strings.HasPrefix(text, "\ufeff") || strings.Contains(text, "<?xml") {
			return // names with colons, and the declaration, encoding/xml reads in its own way
		}
		if _, err := xmltree.Parse(text); err != nil {
			return
		}
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			_, err := d.RawToken()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("%q passes, but: %v", text, err)
			}
		}
	})
}
