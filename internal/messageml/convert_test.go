package messageml_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"testing"

	"podium/internal/messageml"
)

// What a message names is collected by the parse that converts it.
func TestMessageTellsWhatItNames(t *testing.T) {
	t.Parallel()
	m, err := messageml.Convert(`<messageML><h1>T</h1><p>Hi <mention uid="7"/> <mention uid="7"/> <hash tag="deal"/> <cash tag="ibm"/></p>
		<form id="f"><text-field name="q" required="true" maxlength="9" label="Quantity"/><select name="s"><option value="a">A</option></select>
		<button name="ok">Send</button><button type="reset">Reset</button></form></messageML>`, "", messageml.Options{Users: knownUsers})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Mentions, []int64{7}) || !slices.Equal(m.Hashtags, []string{"deal"}) || !slices.Equal(m.Cashtags, []string{"ibm"}) {
		t.Errorf("mentions %v, hashtags %v, cashtags %v", m.Mentions, m.Hashtags, m.Cashtags)
	}
	if len(m.Forms) != 1 || !slices.Equal(m.Forms[0].Buttons, []string{"ok"}) || len(m.Forms[0].Fields) != 2 {
		t.Fatalf("forms %+v", m.Forms)
	}
	if f := m.Forms[0].Fields[0]; f.Name != "q" || !f.Required || f.MaxLength != 9 || f.Kind != "text-field" {
		t.Errorf("field %+v", f)
	}
	if !strings.HasPrefix(m.Text, "THi @User 7 <&>") || !strings.HasPrefix(m.Words, "T  Hi") {
		t.Errorf("text %q, words %q", m.Text, m.Words)
	}
}

// An error of the look-up is no error of the message.
func TestLookUpFails(t *testing.T) {
	t.Parallel()
	outage := errors.New("outage")
	_, err := messageml.Convert(`<messageML><mention uid="7"/></messageML>`, "", messageml.Options{
		Users: func([]int64, []string) (messageml.Users, error) { return messageml.Users{}, outage },
	})
	if !errors.Is(err, outage) {
		t.Errorf("%v", err)
	}
}

// All users are looked up by one call, those of entities in the data, too.
func TestUsersAreLookedUpOnce(t *testing.T) {
	t.Parallel()
	calls := 0
	_, err := messageml.Convert(`<messageML><mention uid="7"/><mention email="a@known.example"/><span class="entity" data-entity-id="K"/></messageML>`,
		`{"K":{"type":"com.symphony.user.mention","id":[{"type":"com.symphony.user.userId","value":"8"}]}}`,
		messageml.Options{Users: func(ids []int64, emails []string) (messageml.Users, error) {
			calls++
			if !slices.Equal(ids, []int64{7, 8}) || !slices.Equal(emails, []string{"a@known.example"}) {
				t.Errorf("asked for %v and %v", ids, emails)
			}
			return knownUsers(ids, emails)
		}})
	if err != nil || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// What a message became can be sent again, and stays what it is.
func TestOutputCanBeSentAgain(t *testing.T) {
	t.Parallel()
	for _, message := range []string{
		`<messageML><card accent="x"><header>H</header><body>B <b>b</b></body></card><mention uid="7"/> <hash tag="a"/></messageML>`,
		`<messageML><dateTime value="2024-01-31T12:00:00Z" format="date"/></messageML>`,
		`<messageML><form id="f" multi-submit="reset"><text-field name="t" label="L" title="T" masked="true"/><checkbox name="c">C</checkbox>
			<select name="s" multiple="true" min="1" max="2" label="S"><option value="a">A</option></select>
			<date-picker name="d" disabled-date='[{"day":"2020-01-01"}]'/><button name="b" icon="add">x</button></form></messageML>`,
	} {
		options := messageml.Options{Users: knownUsers, NewID: func() string { return "ID" }}
		first, err := messageml.Convert(message, "", options)
		if err != nil {
			t.Errorf("%s: %v", message, err)
			continue
		}
		second, err := messageml.Convert(first.PresentationML, first.Data, options)
		if err != nil {
			t.Errorf("%s: %v", first.PresentationML, err)
			continue
		}
		if got := strings.ReplaceAll(strings.ReplaceAll(second.PresentationML, "&quot;", `"`), `="[`, `='[`); second.Data != first.Data ||
			strings.ReplaceAll(got, `]"`, `]'`) != first.PresentationML {
			t.Errorf("sent again:\n%s\n%s\nnot\n%s\n%s", second.PresentationML, second.Data, first.PresentationML, first.Data)
		}
	}
}

// FuzzConvert looks for panics, and for output that is not well-formed.
func FuzzConvert(f *testing.F) {
	f.Add(`<messageML>Hello <b class="x">world</b> <mention uid="7"/></messageML>`, `{"a":1}`)
	f.Add(`<messageML><#list 1..3 as i>${i}<#sep>,</#list></messageML>`, `{}`)
	f.Add(`<messageML><form id="f"><text-field name="a" label="L">x</text-field><button name="b">y</button></form></messageML>`, ``)
	f.Add(`<div data-format="PresentationML" data-version="2.0"><span class="entity" data-entity-id="K">x</span></div>`, `{"K":{"type":"x"}}`)
	f.Fuzz(func(t *testing.T, message, data string) {
		m, err := messageml.Convert(message, data, messageml.Options{Users: knownUsers})
		if err != nil {
			return
		}
		if !json.Valid([]byte(m.Data)) {
			t.Errorf("EntityJSON %s", m.Data)
		}
		if err := xml.Unmarshal([]byte(m.PresentationML), new(any)); err != nil && strings.Contains(err.Error(), "syntax") {
			t.Errorf("%s is not well-formed: %v", m.PresentationML, err)
		}
	})
}

// A megabyte of anything is refused or converted with bounded work: each kind here once took time
// that grew with the square of the length, or memory without bound.
func TestHugeMessages(t *testing.T) {
	t.Parallel()
	const size = 1 << 20
	fill := func(before, repeated, after string) string {
		return before + strings.Repeat(repeated, (size-len(before)-len(after))/len(repeated)) + after
	}
	for name, message := range map[string]string{
		"tags":          fill("<messageML>", "<b>", ""),
		"elements":      fill("<messageML>", "<b>x</b>", "</messageML>"),
		"entities":      fill("<messageML>", "&foo;", "</messageML>"),
		"attributes":    fill("<messageML><p ", `a="x" `, "/></messageML>"),
		"loops":         "<messageML><#list 1..100000 as i><#list 1..100000 as j>x</#list></#list></messageML>",
		"doubling":      "<messageML><#assign s='xxxxxxxx'><#list 1..100 as i><#assign s=s+s></#list>${s}</messageML>",
		"squaring":      "<messageML><#assign n=9><#list 1..100 as i><#assign n=n*n></#list>${n}</messageML>",
		"brackets":      fill("<messageML>${", "(", "}</messageML>"),
		"sums":          fill("<messageML>${1", "+1", "}</messageML>"),
		"members":       fill("<messageML>${data", ".a", "}</messageML>"),
		"negations":     fill("<messageML>${", "!", "true}</messageML>"),
		"interpolation": fill("<messageML>", "${1}", "</messageML>"),
		"conditions":    fill("<messageML>", "<#if 1==1>", "</messageML>"),
		"text":          fill("<messageML>", "x", "</messageML>"),
		"actions":       fill("<messageML>", `<ui-action action="open-dialog" target-id="d"><button>q</button></ui-action>`, "</messageML>"),
	} {
		_, err := messageml.Convert(message, "", messageml.Options{Users: knownUsers})
		var refused *messageml.Error
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkShort(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, err := messageml.Convert(`<messageML>Hello <b>world</b> &amp; <mention uid="7"/> <hash tag="deal"/> see <a href="https://x.com">this</a></messageML>`,
			"", messageml.Options{Users: knownUsers})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkForm(b *testing.B) {
	b.ReportAllocs()
	const message = `<messageML><form id="f"><h4>Order</h4><text-field name="a" placeholder="p" required="true" label="L" minlength="1"
		maxlength="20">x</text-field><textarea name="c" placeholder="zz" required="true">abc</textarea><select name="s"
		data-placeholder="q"><option value="a">A</option><option value="b">B</option></select><checkbox name="k" value="v"
		checked="true">One</checkbox><radio name="r" value="1">R1</radio><person-selector name="p" placeholder="who"/><date-picker
		name="d" value="2020-01-01" disabled-date='[{"day":"2020-01-01"}]' format="dd/MM/yyyy"/><time-picker name="t"
		value="13:51:06" format="HH:mm:ss"/><timezone-picker name="z" value="Europe/Paris"/><button name="ok"
		class="primary">Send</button><button type="reset">Reset</button></form></messageML>`
	for b.Loop() {
		if _, err := messageml.Convert(message, "", messageml.Options{Users: knownUsers}); err != nil {
			b.Fatal(err)
		}
	}
}
