// SPDX-License-Identifier: Apache-2.0
//
// run.mjs CHROMIUM PAGE: tests of the HTML report, made from the articles of articles.mjs. Prints each test's name; status 1 when one fails.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open, runTests } from './browser.mjs';

const [chromium, file] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const dataOf = (page) => page.evaluate(() => JSON.parse(document.getElementById('data').textContent));
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

/* All folded parts open, one list of articles shown, then axe. */
async function violations(browser, options) {
	const page = await open(browser, file, { ...options, bypassCSP: true });
	await page.evaluate(() => { for (const details of document.querySelectorAll('details')) details.open = true; });
	await page.locator('#t0 .confusion .wrong button').first().click();
	await page.evaluate(axe);
	const result = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
	await page.context().close();
	return result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 150)).join(' | ')}`);
}

const tests = {
	async 'what articles and schema say is text and runs nothing'(page) {
		await page.waitForTimeout(200);
		assert.equal(await page.evaluate(() => window.hacked), undefined);
		assert.equal(await page.evaluate(() => document.querySelectorAll('img, iframe, object, embed, link, [onerror], [onload], [onfocus]').length), 0);
		assert.equal(await page.locator('h1').textContent(), '</title><script>window.hacked=1</script>');
		assert.match(await page.locator('#t0 tbody').first().textContent(), /<img src=x onerror=window\.hacked=1>/);
		const data = await dataOf(page);
		assert.ok(data.articles.some((article) => article[1] === '<script>window.hacked=1</script>'));
	},

	async 'the first screen answers how good, how sure, where it fails'(page) {
		for (const part of ['.card .big b', '.card .big .ci', '.card .whisker', '.card li'])
			assert.ok((await page.locator(part).first().boundingBox()).y < 800, part);
		assert.match(await page.locator('.card').first().textContent(), /Weakest: .*F1/);
	},

	async 'the threshold moves precision, recall, F1 and hits'(page) {
		const task = (await dataOf(page)).tasks[0], label = task.labels[0], section = page.locator('#t0');
		const slider = section.locator('input[type=range]');
		await slider.focus();
		await page.keyboard.press('Home');
		assert.match(await section.locator('.out-recall').textContent(), /^1\.00/);
		assert.match(await section.locator('.out-hits').textContent(), /about 1,000 would get the label/);
		await page.keyboard.press('End');
		assert.equal(await section.locator('.at').textContent(), '1.00');
		await slider.fill('0.3');
		const precision = label.tp[30] / (label.tp[30] + label.fp[30]), recall = label.tp[30] / label.positive;
		assert.ok((await section.locator('.out-precision').textContent()).startsWith(precision.toFixed(2)));
		assert.ok((await section.locator('.out-recall').textContent()).startsWith(recall.toFixed(2)));
		assert.equal(await section.locator('.out-f1').textContent(), (2 * precision * recall / (precision + recall)).toFixed(2));
		await section.locator('input[type=number]').fill(String(task.n));
		assert.match(await section.locator('.out-hits').textContent(), new RegExp(`about ${label.tp[30] + label.fp[30]} would`));
	},

	async 'another label gives another curve, its dot inside the ring'(page) {
		const section = page.locator('#t0'), line = section.locator('[data-chart=threshold] path.line');
		const before = await line.getAttribute('d');
		await section.locator('select').selectOption({ index: 2 });
		assert.notEqual(await line.getAttribute('d'), before);
		const ring = section.locator('[data-chart=threshold] circle.ring'), dot = section.locator('[data-chart=threshold] circle.dot').last();
		for (const at of ['cx', 'cy'])
			assert.ok(Math.abs(await ring.getAttribute(at) - await dot.getAttribute(at)) < 6, at);
	},

	async 'tables sort by mouse and by keyboard'(page) {
		const table = page.locator('#t2 table.sortable').first(), head = table.locator('thead th').nth(1);
		const counts = () => table.locator('tbody tr td:nth-child(2)').allTextContents().then((all) => all.map(Number));
		const last = await table.locator('tfoot').textContent();
		await head.locator('button').click();
		assert.equal(await head.getAttribute('aria-sort'), 'descending');
		const falling = await counts();
		assert.deepEqual(falling, [...falling].sort((a, b) => b - a));
		await head.locator('button').focus();
		await page.keyboard.press('Enter');
		assert.equal(await head.getAttribute('aria-sort'), 'ascending');
		assert.deepEqual(await counts(), [...falling].sort((a, b) => a - b));
		await table.locator('thead th').first().locator('button').click();
		assert.equal(await head.getAttribute('aria-sort'), 'none');
		assert.equal(await table.locator('tfoot').textContent(), last);
	},

	async 'a count of the confusion lists its articles'(page) {
		for (const t of [0, 1, 2]) {
			const section = page.locator(`#t${t}`), button = section.locator('.confusion .wrong button').first();
			const n = Number((await button.textContent()).replace(/,/g, ''));
			await button.focus();
			await page.keyboard.press('Enter');
			assert.equal(await button.getAttribute('aria-expanded'), 'true');
			assert.equal(await section.locator('.panel li').count(), Math.min(50, n));
			assert.match(await section.locator('.panel h4').textContent(), new RegExp(`: ${n} article`));
			assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H4');
			await page.keyboard.press('Escape');
			assert.equal(await section.locator('.panel').isVisible(), false);
			assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-expanded')), 'false');
		}
		const most = page.locator('#t0 .confusion .right button').last();
		await most.click();
		assert.equal(await page.locator('#t0 .panel li').count(), 50);
		assert.match(await page.locator('#t0 .panel').textContent(), /50 of them are listed/);
		await page.locator('#t0 .panel .close').click();
	},

	async 'mistakes show the terms that pushed, which add up'(page) {
		const worst = page.locator('#t0 details.worst').first();
		await worst.locator('summary').click();
		assert.equal(await worst.locator('li').count(), await worst.locator('li:has(.why)').count());
		const pushes = await worst.locator('.why > div').evaluateAll((rows) => rows.map((row) => {
			const numbers = (text) => [...text.replaceAll('\u2212', '-').matchAll(/[+-]?[0-9]+\.[0-9]{2}(?![0-9])/g)].map((m) => Number(m[0]));
			return { sum: numbers(row.querySelector('dt').textContent).at(-1), terms: row.querySelectorAll('.term').length,
				parts: [...row.querySelectorAll('.term')].map((term) => numbers(term.textContent).at(-1)).concat(numbers(row.querySelector('.muted').textContent)) };
		}));
		assert.ok(pushes.length > 0);
		for (const push of pushes) {
			assert.ok(push.terms >= 1 && push.terms <= 6);
			assert.equal(push.parts.length, push.terms + 2);
			assert.ok(Math.abs(push.parts.reduce((a, b) => a + b, 0) - push.sum) <= 0.005 * (push.parts.length + 1) + 1e-9, JSON.stringify(push));
		}
	},

	async 'the learning curve is a picture with words, and a table'(page) {
		const figure = page.locator('#t0 .figure:has([data-chart=learning])'), points = (await dataOf(page)).tasks[0].learning;
		assert.equal(points.length, 5);
		assert.deepEqual(points.map((p) => p[0]), points.map((p) => p[0]).sort((a, b) => a - b));
		assert.equal(await figure.locator('svg circle.dot').count(), 5);
		assert.match(await figure.locator('svg').getAttribute('aria-label'), /^Learning curve: (macro-F1|F1 of favor and against) \d\.\d\d from \d+ articles/);
		assert.match(await figure.locator('.note').first().textContent(), /articles to learn from/);
		await figure.locator('summary').click();
		assert.equal(await figure.locator('tbody tr').count(), 5);
	},

	async 'light and dark, by the system and by the button'(page) {
		const light = await background(page);
		await page.emulateMedia({ colorScheme: 'dark' });
		const dark = await background(page);
		assert.notEqual(dark, light);
		assert.equal(await page.locator('.theme').textContent(), 'Light page');
		await page.locator('.theme').click();
		assert.equal(await background(page), light);
		await page.emulateMedia({ colorScheme: 'light' });
		await page.locator('.theme').click();
		assert.equal(await background(page), dark);
	},

	async 'prints in light, without controls, nothing folded'(page) {
		await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
		assert.equal(await background(page), 'rgb(255, 255, 255)');
		for (const part of ['.contents', '.theme', '.controls >> nth=0'])
			assert.equal(await page.locator(part).isVisible(), false, part);
		const folded = () => page.evaluate(() => document.querySelectorAll('details:not([open])').length);
		assert.ok(await folded() > 0);
		await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
		assert.equal(await folded(), 0);
		await page.evaluate(() => dispatchEvent(new Event('afterprint')));
		assert.ok(await folded() > 0);
		assert.ok((await page.pdf()).length > 10000);
	},

	async 'fits 390 pixels'(page) {
		await page.setViewportSize({ width: 390, height: 844 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
	},

	async 'tables are there without scripts'(page, browser) {
		const plain = await open(browser, file, { javaScriptEnabled: false });
		assert.ok(await plain.locator('table').count() > 8);
		assert.equal(await plain.locator('noscript').isVisible(), true);
		assert.equal(await plain.locator('button').count(), 0);
		assert.match(await plain.locator('#t1 .confusion').textContent(), /favor/);
		assert.deepEqual(plain.complaints, []);
		await plain.context().close();
	},

	async 'axe finds nothing'(page, browser) {
		for (const colorScheme of ['light', 'dark'])
			for (const width of [1280, 390])
				assert.deepEqual(await violations(browser, { colorScheme, viewport: { width, height: 800 } }), [], `${colorScheme}, ${width}`);
	},
};

await runTests(tests, chromium, file);
