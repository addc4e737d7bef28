package demobot

// everyField holds each field of the published Elements, once, and a second form that submits
// itself.
const everyField = `<h4>A form with every field</h4>
<form id="everything" multi-submit="reset">
<text-field name="text" label="Text" title="Three characters or more" placeholder="Your text" required="true" minlength="3" maxlength="64"/>
<text-field name="pattern" label="Text of a pattern" placeholder="ABC-123" pattern="^[A-Z]{3}-[0-9]{3}$" pattern-error-message="Three capital letters, a hyphen, three digits"/>
<text-field name="masked" label="Masked text" masked="true" maxlength="64"/>
<textarea name="area" label="Text of several lines" rows="3" maxlength="500" placeholder="Several lines"></textarea>
<richtextarea name="rich" label="Rich text" placeholder="With bold and lists"></richtextarea>
<h6>Boxes</h6>
<checkbox name="news" value="yes" checked="true">News</checkbox>
<checkbox name="prices" value="yes">Prices</checkbox>
<h6>One of three</h6>
<radio name="size" value="small" checked="true">Small</radio>
<radio name="size" value="medium">Medium</radio>
<radio name="size" value="large">Large</radio>
<select name="currency" label="Currency" required="true" data-placeholder="Choose one">
<option value="EUR" selected="true">Euro</option><option value="GBP">Pound</option><option value="USD">Dollar</option></select>
<select name="markets" label="Markets, up to two" multiple="true" min="0" max="2" data-placeholder="Choose some">
<option value="APAC">Asia</option><option value="EMEA">Europe</option><option value="NAM">North America</option></select>
<person-selector name="people" label="People" placeholder="Search people"/>
<room-selector name="rooms" label="Rooms" placeholder="Search rooms"/>
<date-picker name="date" label="Date" placeholder="A date" format="yyyy-MM-dd"/>
<time-picker name="time" label="Time" placeholder="A time" format="HH:mm:ss" step="900"/>
<timezone-picker name="zone" label="Time zone" value="Europe/London"/>
<h6>Rows of a table</h6>
<table><thead><tr><td><input type="checkbox" name="tablesel-header"/></td><td>Instrument</td><td>Price</td></tr></thead>
<tbody><tr><td><input type="checkbox" name="tablesel-row-1"/></td><td>Bond</td><td>99.8</td></tr>
<tr><td><input type="checkbox" name="tablesel-row-2"/></td><td>Share</td><td>12.4</td></tr></tbody></table>
<button name="submit" type="action" class="primary">Submit</button>
<button name="skip" type="action" class="secondary" formnovalidate="true">Submit unchecked</button>
<button type="reset" class="tertiary">Reset</button>
</form>
<h4>A form that submits itself</h4>
<form id="at-once">
<select name="colour" label="Colour" auto-submit="true" data-placeholder="Choose one">
<option value="red">Red</option><option value="green">Green</option><option value="blue">Blue</option></select>
<button name="send" type="action">Submit</button>
</form>`

const aTable = `<h4>Prices</h4>
<table><thead><tr><th>Instrument</th><th>Side</th><th>Quantity</th><th>Price</th></tr></thead>
<tbody><tr><td>Bond 2031</td><td>Buy</td><td>1,000</td><td>99.82</td></tr>
<tr><td>Bond 2036</td><td>Sell</td><td>2,500</td><td>97.15</td></tr>
<tr><td rowspan="2">Share</td><td>Buy</td><td>300</td><td>12.40</td></tr>
<tr><td>Sell</td><td>150</td><td>12.45</td></tr></tbody>
<tfoot><tr><td colspan="2">Total</td><td>3,950</td><td></td></tr></tfoot></table>`

const cards = `<card accent="tempo-bg-color--blue"><header>A card</header><body>Its body, with a <a href="https://symphony.com">link</a>.</body></card>
<expandable-card state="collapsed"><header>Open me</header><body>This was hidden.</body></expandable-card>
<expandable-card state="cropped"><header>A cropped card</header><body variant="error"><p>One line.</p><p>Two lines.</p><p>Three lines.</p><p>Four lines.</p></body></expandable-card>
<expandable-card state="expanded"><header>An open card</header><body>Close me.</body></expandable-card>`

const code = `<code language="python"><pre>def price(quantity, each):
    """Returns what an order costs."""
    return quantity * each
</pre></code>`

const styles = `<h1>Heading 1</h1><h3>Heading 3</h3><h6>Heading 6</h6>
<p><b>Bold</b>, <i>italic</i>, H<sub>2</sub>O, x<sup>2</sup>, <a href="https://symphony.com">a link</a>.</p>
<ul><li>First</li><li>Second<ol><li>Inner</li></ol></li></ul><hr/>
<p><hash tag="podium"/> <cash tag="ibm"/> <emoji shortcode="smiley"/> <dateTime value="2026-01-05T09:30:00Z" format="date_time"/></p>`

const dialog = `<ui-action action="open-dialog" target-id="order"><button>Open a dialog</button></ui-action>
<dialog id="order" width="small" state="close"><form id="order-form"><title>An order</title>
<body><text-field name="quantity" label="Quantity" required="true"/></body>
<footer><button name="order" type="action">Order</button><button name="cancel" type="cancel">Cancel</button></footer></form></dialog>`
