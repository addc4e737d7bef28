package forms_test

import (
	"encoding/json"
	"strings"
	"testing"

	"podium/internal/messageml"
	"podium/internal/messageml/forms"
)

// stored returns a form with some fields as a message has it that was sent.
func stored(t *testing.T, fields string) forms.Form {
	t.Helper()
	m, err := messageml.Convert(`<messageML>Hi<form id="f">`+fields+`<button name="ok">OK</button><button name="raw" formnovalidate="true">Raw</button></form></messageML>`, "", messageml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, ok, err := forms.Find(m.PresentationML, "f")
	if err != nil || !ok {
		t.Fatalf("%s: %v", m.PresentationML, err)
	}
	return f
}

// submit returns the values as JSON, or the error.
func submit(t *testing.T, fields, given string) string {
	t.Helper()
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(given), &values); err != nil {
		t.Fatal(err)
	}
	checked, err := stored(t, fields).Check(values)
	if err != nil {
		return err.Error()
	}
	text, err := json.Marshal(checked)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestValuesAreAsPublished(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ fields, given, want string }{
		{``, `{"action":"ok"}`, `{"action":"ok"}`},
		{``, `{"action":"none"}`, `formValues.action: it names no button of the form`},
		{``, `{}`, `formValues.action: it is required`},
		{``, `{"action":"ok","x":1}`, `formValues.x: the form has no such field`},

		{`<text-field name="t"/>`, `{"action":"ok"}`, `{"action":"ok","t":""}`},
		{`<text-field name="t" label="Name" title="Hint" required="true"/>`, `{"action":"ok"}`, `formValues.t: it is required`},
		{`<text-field name="t" required="true"/>`, `{"action":"raw"}`, `{"action":"raw","t":""}`},
		{`<text-field name="t" minlength="2" maxlength="3"/>`, `{"action":"ok","t":"é"}`, `formValues.t: it has less than 2 characters`},
		{`<text-field name="t" minlength="2" maxlength="3"/>`, `{"action":"ok","t":"éééé"}`, `formValues.t: it has more than 3 characters`},
		{`<text-field name="t"/>`, `{"action":"ok","t":1}`, `formValues.t: a text is expected`},
		{`<text-field name="t"/>`, `{"action":"ok","t":"\u0000"}`, `formValues.t: it has a control character`},
		{`<text-field name="t" pattern="[a-z]+" pattern-error-message="small letters"/>`, `{"action":"ok","t":"aB"}`, `formValues.t: small letters`},
		{`<text-field name="t" pattern="(a+)+" pattern-error-message="a"/>`, `{"action":"ok","t":"` + strings.Repeat("a", 40) + `b"}`, `{"action":"ok","t":"` + strings.Repeat("a", 40) + `b"}`},
		{`<text-field name="t" auto-submit="true"/>`, `{"action":"t","t":"x"}`, `{"action":"t","t":"x"}`},
		{`<textarea name="a">old</textarea><richtextarea name="r"/>`, `{"action":"ok","a":"two\nlines"}`, `{"a":"two\nlines","action":"ok","r":""}`},

		{`<checkbox name="c" value="v">One</checkbox>`, `{"action":"ok"}`, `{"action":"ok"}`},
		{`<checkbox name="c">One</checkbox>`, `{"action":"ok","c":"on"}`, `{"action":"ok","c":"on"}`},
		{`<checkbox name="c" value="1"/><checkbox name="c" value="2"/>`, `{"action":"ok","c":["2","1"]}`, `{"action":"ok","c":["2","1"]}`},
		{`<checkbox name="c" value="1"/><checkbox name="c" value="2"/>`, `{"action":"ok","c":["2","2"]}`, `formValues.c: it is no value of the form`},
		{`<radio name="r" value="1">A</radio><radio name="r" value="2">B</radio>`, `{"action":"ok","r":"2"}`, `{"action":"ok","r":"2"}`},
		{`<radio name="r" value="1">A</radio><radio name="r" value="2">B</radio>`, `{"action":"ok","r":"3"}`, `formValues.r: it is no value of the form`},

		{`<select name="s"><option value="a">A</option></select>`, `{"action":"ok"}`, `{"action":"ok","s":""}`},
		{`<select name="s"><option value="a">A</option></select>`, `{"action":"raw","s":"b"}`, `formValues.s: it is none of the options`},
		{`<select name="s" multiple="true" min="2" max="2"><option value="a">A</option><option value="b">B</option></select>`, `{"action":"ok","s":["a"]}`, `formValues.s: it has less than 2 values`},
		{`<select name="s" multiple="true"><option value="a">A</option></select>`, `{"action":"ok","s":["a"]}`, `{"action":"ok","s":["a"]}`},
		{`<select name="s" multiple="true"><option value="a">A</option></select>`, `{"action":"ok"}`, `{"action":"ok","s":[]}`},

		{`<date-picker name="d" min="2020-01-01"/>`, `{"action":"ok","d":"2019-12-31"}`, `formValues.d: it is before 2020-01-01`},
		{`<date-picker name="d"/>`, `{"action":"ok","d":"2019-02-30"}`, `formValues.d: a date such as 2020-09-15 is expected`},
		{`<time-picker name="d"/>`, `{"action":"ok","d":"09:00:00"}`, `{"action":"ok","d":"09:00:00"}`},
		{`<time-picker name="d"/>`, `{"action":"ok","d":"9:00"}`, `formValues.d: a time such as 13:51:06 is expected`},
		{`<timezone-picker name="z" required="true" label="Zone"/>`, `{"action":"ok"}`, `formValues.z: it is required`},
		{`<timezone-picker name="z"/>`, `{"action":"ok","z":"Europe/Paris"}`, `{"action":"ok","z":"Europe/Paris"}`},
		{`<person-selector name="p"/>`, `{"action":"ok"}`, `{"action":"ok","p":[]}`},
		{`<person-selector name="p"/>`, `{"action":"ok","p":[7215545078461]}`, `{"action":"ok","p":[7215545078461]}`},
		{`<person-selector name="p" required="true"/>`, `{"action":"ok","p":[]}`, `formValues.p: it is required`},
		{`<person-selector name="p"/>`, `{"action":"ok","p":["7"]}`, `formValues.p: a list of user ids is expected`},
		{`<room-selector name="r"/>`, `{"action":"ok","r":{"streamIds":["a+b/c=="]}}`, `{"action":"ok","r":{"userIds":[],"streamIds":["a+b/c=="]}}`},
		{`<room-selector name="r"/>`, `{"action":"ok","r":{"streamIds":["<x>"]}}`, `formValues.r: a list of ids is expected`},

		// several fields of one name, and rows of a table
		{`<text-field name="t"/><text-field name="t"/>`, `{"action":"ok","t":["x","y"]}`, `{"action":"ok","t":["x","y"]}`},
		{`<text-field name="t"/><text-field name="t"/>`, `{"action":"ok","t":["x","y","z"]}`, `formValues.t: the form has 2 fields of this name`},
		{`<table><tbody><tr><td><input type="checkbox" name="tablesel-row-1"/></td></tr></tbody></table>`, `{"action":"ok","tablesel-row-1":"on"}`, `{"action":"ok","tablesel-row-1":"on"}`},
		{`<table><tbody><tr><td><button name="tablesel-row-1">Go</button></td></tr></tbody></table>`, `{"action":"tablesel-row-1"}`, `{"action":"tablesel-row-1"}`},
	} {
		if got := submit(t, c.fields, c.given); got != c.want {
			t.Errorf("%s with %s:\n got %s\nwant %s", c.fields, c.given, got, c.want)
		}
	}
}

func TestFormsAreFoundByTheirIDs(t *testing.T) {
	t.Parallel()
	m, err := messageml.Convert(`<messageML><form id="a"><button name="one">1</button></form><form id="b"><button name="two">2</button></form></messageML>`, "", messageml.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, ok, err := forms.Find(m.PresentationML, "b")
	if err != nil || !ok {
		t.Fatal(err)
	}
	if _, err := f.Check(map[string]json.RawMessage{"action": []byte(`"one"`)}); err == nil {
		t.Error("the button of one form submits another")
	}
	if _, ok, err := forms.Find(m.PresentationML, "c"); ok || err != nil {
		t.Errorf("a form that is not there is found: %v", err)
	}
}
