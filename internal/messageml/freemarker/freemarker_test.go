package freemarker_test

import (
	"strings"
	"testing"

	"podium/internal/messageml/freemarker"
	"podium/internal/messageml/jsontree"
)

func run(t *testing.T, template, data string) (string, error) {
	t.Helper()
	v, err := jsontree.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return freemarker.Run(template, v.(*jsontree.Object))
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	const data = `{"n":1234567,"s":"héllo","l":["b","a","c"],"o":{"k":"v"},"f":false,"e":""}`
	for template, want := range map[string]string{
		`${data.n} ${data.n?c} ${1/3} ${-0.0005}`:                                      `1,234,567 1234567 0.333 -0`,
		`${data.s?upper_case} ${entity.s?length}`:                                      `HÉLLO 5`,
		`<#list data.l as x>${x}<#sep>, </#list>`:                                      `b, a, c`,
		`<#list data.l?sort as x>${x?counter}${x}<#if x == "b"><#break></#if></#list>`: `1a2b`,
		`<#if data.f>a<#elseif data.n gt 5>b<#else>c</#if>`:                            `b`,
		"<#if true>\n  a\n</#if>\nb":                                                   "  a\nb",
		`<#assign x=1 y="z">${x + 1}${y}`:                                              `2z`,
		`${data.q!"d"} ${(data.q.r)!} ${data.q???c}`:                                   `d  false`,
		`<#noparse>${x}</#noparse>${r"${y}"}`:                                          `${x}${y}`,
		`${3.14159?string("0.00")} ${0.5?string.percent} #{1.5; m2}`:                   `3.14 50% 1.50`,
		`<#switch data.o.k><#case "v">1<#break><#default>2</#switch>`:                  `1`,
		`<#attempt>${nope}<#recover>saved</#attempt>`:                                  `saved`,
		`${data.l[0..1]?join("-")} ${"abc"[1..]} ${(1..3)?reverse?join("")}`:           `b-a bc 321`,
	} {
		if got, err := run(t, template, data); err != nil || got != want {
			t.Errorf("%s gives %q (%v), not %q", template, got, err, want)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		`${data.x}`:                        `Error parsing Freemarker template: invalid input at line 1, column 3`,
		"a\n ${true}":                      `Error parsing Freemarker template: invalid input at line 2, column 2`,
		`<#include "x">`:                   `Error parsing Freemarker template: invalid input at line 1, column 1`,
		`${"x"?new()}`:                     `Error parsing Freemarker template: invalid input`,
		`${"x"?eval}`:                      `Error parsing Freemarker template: invalid input`,
		`${.data_model}`:                   `Error parsing Freemarker template: invalid input`,
		`<#foo>`:                           `Error parsing EntityJSON: Syntax error in template "messageML" in line 1, column 1:`,
		`<#if true>`:                       `Error parsing EntityJSON: Syntax error`,
		`${`:                               `Error parsing EntityJSON: Syntax error`,
		`<#list 1..9999999 as i>x</#list>`: `Error parsing Freemarker template`,
		`<#list 1..1000 as i><#list 1..1000 as j>x</#list></#list>`:              `Error parsing Freemarker template`,
		`<#assign s="ab"><#list 1..99 as i><#assign s=s+s></#list>`:              `Error parsing Freemarker template`,
		`<#assign s="ab"><#list 1..99 as i><#assign s=s?replace("a",s)></#list>`: `Error parsing Freemarker template`,
		`${` + strings.Repeat("(", 200) + `1` + strings.Repeat(")", 200) + `}`:   `Error parsing EntityJSON: Syntax error`,
		strings.Repeat("<#if true>", 200) + strings.Repeat("</#if>", 200):        `Error parsing EntityJSON: Syntax error`,
	} {
		if got, err := run(t, template, `{}`); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60s gives %.60q, %v", template, got, err)
		}
	}
}

// FuzzRun looks for panics and for runs without end.
func FuzzRun(f *testing.F) {
	f.Add(`<#list data.l as x>${x?string}<#sep>,</#list><#assign y=1..3>${y?join("")}`)
	f.Add(`${(data.x!"a")?replace("a","b")[0..]}<#if !data.f && 1 lt 2>c</#if>`)
	f.Add(`<#switch 1><#case 1>#{1.25;m1M3}<#default></#switch><#attempt>${q}<#recover>r</#attempt>`)
	f.Fuzz(func(t *testing.T, template string) {
		_, _ = run(t, template, `{"l":["a","b"],"f":false,"n":1.5}`)
	})
}
