import { expect, test } from "vitest";
import { check, fieldsOf, initial, submission } from "./model";

function form(inner: string) {
  return new DOMParser().parseFromString(`<form id="f">${inner}</form>`, "application/xml").documentElement;
}

const every =
  '<input type="text" name="t" value="init"/><input type="text" name="pw" data-masked="true"/><textarea name="a">x</textarea>' +
  '<input type="checkbox" name="c" value="c1" checked="true"/><input type="checkbox" name="c" value="c2" checked="TRUE"/>' +
  '<input type="checkbox" name="off" value="on"/><input type="radio" name="r" value="r1"/><input type="radio" name="r" value="r2" checked="true"/>' +
  '<select name="s"><option value="1">One</option><option value="2" selected="true">Two</option></select>' +
  '<select name="m" multiple="true"><option value="1" selected="true">One</option></select>' +
  '<div class="person-selector" data-name="p" data-value="[12,34]"></div>' +
  '<div class="room-selector" data-name="rooms" data-value="[&quot;ab-_c&quot;]"></div>' +
  '<input type="date" name="d" value="2020-09-15"></input><input type="time" name="ti" value="13:51:06"/>' +
  '<div class="timezone-picker" data-name="z" data-value="Europe/Paris"></div><button type="action" name="ok">OK</button>';

test("values are submitted as published", () => {
  const fields = fieldsOf(form(every));
  expect(submission(fields, initial(fields), "ok")).toEqual({
    action: "ok",
    t: "init",
    pw: "",
    a: "x",
    c: ["c1", "c2"],
    r: "r2",
    s: "2",
    m: ["1"],
    p: [12, 34],
    rooms: { userIds: [], streamIds: ["ab+/c==="] },
    d: "2020-09-15",
    ti: "13:51:06",
    z: "Europe/Paris",
  });
});

test("a field cannot take the place of the button", () => {
  const fields = fieldsOf(form('<input type="text" name="action" value="forged"/>'));
  expect(submission(fields, initial(fields), "ok").action).toBe("ok");
});

test.each([
  ['<input type="text" name="x" required="true"/>', "", "required"],
  ['<input type="text" name="x" minlength="3"/>', "é", "short"],
  ['<input type="text" name="x" maxlength="2"/>', "abc", "long"],
  ['<input type="text" name="x" maxlength="2"/>', "😀😀", undefined],
  ['<input type="text" name="x" pattern="[a-z]+" data-pattern-error-message="small"/>', "aB", "pattern"],
  ['<input type="text" name="x" pattern="[a-z]+"/>', "ab", undefined],
  ['<input type="text" name="x" pattern="["/>', "ab", undefined],
  ['<input type="text" name="x" required="true" data-formnovalidate="true"/>', "", undefined],
  ['<input type="date" name="x" min="2020-01-02"/>', "2020-01-01", "before"],
  ['<input type="date" name="x" max="2020-01-02"/>', "2020-01-03", "after"],
  [`<input type="date" name="x" data-disabled-date='[{"type":"date","day":"2020-01-01"}]'/>`, "2020-01-01", "disabled"],
  [
    `<input type="date" name="x" data-disabled-date='[{"type":"weekdays","daysOfWeek":[0]}]'/>`,
    "2026-11-29",
    "disabled",
  ],
  [
    `<input type="date" name="x" data-disabled-date='[{"from":"2020-01-01","to":"2020-01-09"}]'/>`,
    "2020-01-10",
    undefined,
  ],
  [`<input type="time" name="x" data-disabled-time='[{"from":"12:00:00","to":"13:00:00"}]'/>`, "12:30:00", "disabled"],
])("%s with %s", (markup, value, why) => {
  const fields = fieldsOf(form(markup));
  expect(check(fields, { f0: value }).f0?.why).toBe(why);
});

test("a choice of several has bounds", () => {
  const fields = fieldsOf(
    form(
      '<select name="m" multiple="true" data-min="1" data-max="2" required="true"><option value="1">1</option></select>',
    ),
  );
  expect(check(fields, { f0: [] }).f0?.why).toBe("required");
  expect(check(fields, { f0: ["1", "2", "3"] }).f0?.why).toBe("many");
  expect(check(fields, { f0: ["1"] })).toEqual({});
});
